"""Run the measurements that are named, or all, one after the other: python -m bench [import_organisations …]."""

import subprocess
import sys

ALL = ("import_organisations", "search", "pages", "policy_reading", "merkle", "import_holdings", "log")


def main() -> int:
    """Each measurement has a process and a PostgreSQL of its own, so that none warms up another's caches."""
    chosen = sys.argv[1:] or ALL
    if unknown := set(chosen) - set(ALL):
        print(f"There is no measurement {', '.join(sorted(unknown))}; there are {', '.join(ALL)}.", file=sys.stderr)
        return 2
    return max(subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode for name in chosen)


if __name__ == "__main__":
    sys.exit(main())
