"""Names and numbers of people, shown so that their owner recognises them and others learn little."""

MASK = "*"


def mask_id_number(number: str) -> str:
    """The first three and the last four characters, the rest as asterisks; up to ten characters are hidden whole."""
    number = number.strip()
    if len(number) <= 10:
        return MASK * len(number)
    return number[:3] + MASK * (len(number) - 7) + number[-4:]


def mask_name(name: str) -> str:
    """张小三 as 张*三, 张三 as 张*: the first and last character of three or more, the first of two, none of one."""
    name = name.strip()
    if len(name) <= 2:
        return name[: len(name) - 1] + MASK if name else ""
    return name[0] + MASK * (len(name) - 2) + name[-1]
