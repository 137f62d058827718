"""What the words around a number make of it: a goal, a report of the past, a condition, a ceiling, a frequency."""

import re
from decimal import Decimal

ACHIEVED = re.compile(
    r"(?:达到?|达至|超过?|逾|突破|(?<![经通超])过|不得?[低少高多小大长短]于|不(?:得)?超过|至少|最[多少低]|"
    r"(?:提高|提升|上升|增加|增长|扩大|下降|降低|减少|缩短|压缩|压减|缩减|减|降|增|升|调整|延长|扩展|扩容|发展|恢复|拓展|收窄)(?:至|到|了)?|"
    r"(?:控制|限制)在|(?:稳定|保持|维持|巩固)在?|接近|实现|完成|新增|净增|累计|总量|总数|约|近|占比?|为|均?在|力争|有|[≥≤><=])(?:达到?|约|近|超过?|不[低少]于|[到至])?$"
)
BUILDS = re.compile(
    "建设(?!用地)|建成(?!区)|建立|建强|共建|新建|改建|扩建|建造|筹建|在建|配建|改造|打造|培育|培养|引进|引育|招引|组建|创建|创办|遴选|认定|评定|评选|命名|"
    "选树|选派|选拔|推选|推荐|开发|研制|研发|制定|制订|制修订|修订|形成|推出|布局|设立|设置|增设|扶持|孵化|发展|举办|承办|开展|培训|轮训|开设|开办|"
    "支持|推动|推进|实施|完成|落实|配备|配置|增加|新增|净增|扩大|拓展|建好|办好|做强|做优|壮大|争创|争取|力争|确保|实现|集聚|聚集|吸引|资助|招收|招募|招聘|"
    "发布|推广|覆盖|惠及|帮助|转化|获得|获批|筹集|筹措|投入|投放|种植|治理|修复|更新|提供|整治|绿化|开通|开工|架设|铺设|安装|部署|整合|淘汰|关停|拆除|"
    "搬迁|安置|帮扶|储备|签订|引导|组织|规划|派出|编制|编写|编印|出版|录制|上线|接入|归集|开放|盘活|创作|排演|申报|入选|布设|建|创成|培树|设点|竣工|投产|"
    "生产|供应|降低|提高|提升|达到|超过|突破|带动|促进|解决|满足|保障|救助|资助|慰问|签约|交付|入库|引入|输送|派驻|下派|下沉|试点|选取|确定|划定|设"
)
_NEAR = 48  # characters in front of a number that can hold its verb
_RIGHT_BEFORE = re.compile(
    rf"(?:{ACHIEVED.pattern[:-1]}|新?建[设成立]?(?:好|了)?|打造|培育|培养|引进|组建|创建|遴选|认定|开发|制定|设立|扶持|形成|推出|举办|开展|"
    r"建强|新增)(?:不少于|至少|约)?$"
)
_SHARE = re.compile(r"(?:不[低少高]于|不超过|达到?|超过|占)[^，；]{0,25}(?:的|总数|总量)$|占[^，；]{0,15}$")
_AIMS = re.compile(
    r"^(?:并|要|应|进一步)?(?:围绕|聚焦|依托|面向|针对|按照|根据|结合|立足|通过|利用|借助|以|对(?!口)|从|在|基于|统筹|发挥|瞄准|紧扣|落实好?)"
)
_PAST = re.compile(
    r"已(?:经|达|建|有|成|完|累|超|实|培|形|初|连)?|截[至止]|(?<![由从比较])(?:目前|现有)|至今|以来|去年|上年|过去|先后|近年|五年来|[一二三四五六七八九十\d]+年来|"
    r"荣获|获评|获批|跃居|位居|位列|居(?:全国|全省|世界)|连续\d+年(?:居|位|保持)|(?:顺利|圆满|全面|超额)完成(?:了)?[^，。]{0,12}(?:任务|目标)|累计(?:建成|完成|培训|投入|实现)了"
)
_FUTURE = re.compile(
    r"明年|后年|方案提出|根据(?:方案|计划|规划|意见)|力争|确保|争取|计划|拟|将(?!.{0,12}(?:作为|纳入|列入))|预计|未来|今后|下一步|到20[2-9]\d年|末"
)
_REVIEW = re.compile(
    r"^(?:[“”]?十[一二三四五六七八]五[“”]?(?:时期|期间)?|我[国省市区县]|全[国省市区县])?(?:[\u4e00-\u9fa5]{0,8})?(?:发展|工作|现实|现有|规划|编制|良好|坚实)(?:的)?(?:基础|背景|环境|形势|回顾|历程)(?:与|和|及|、|$|条件|良好|坚实)|"
    r"^(?:基础|背景|形势|现状|主要进展)|面临|存在(?:的)?(?:主要)?问题|(?:机遇|挑战)$|[“”]?十[一二三四五六七八]五[“”]?(?:时期|期间)?(?:发展)?(?:回顾|成就|主要成)"
)
_ACTS = re.compile(
    r"^(?:夯实|巩固|筑牢|强化|打牢|提升|加强|优化|推进|完善|改善|营造|积极|加快|大力|着力|全面|深化|健全|建设|落实|应对|化解)"
)
_DONE = re.compile(r"如期实现|完成情况|实施情况|成就|回顾|(?:取得|实现).{0,12}(?:成效|成绩|成果|进展)$|现状")
GOALS = re.compile(r"目标|指标|愿景|预期|蓝图")
_CAP = re.compile(
    r"给予|予以|奖励|奖补|补助|补贴|资助|贴息|最高|封顶|上限|罚款|利率|税率|费率|一次性|减免|减按|优惠|贷款额度|额度"
)
_POT = re.compile(
    r"(?:资金|经费|专项|投资|投入|基金|规模|总额)(?:总?规模|总额|累计|合计)?(?:达到?|约|为|不[少低]于|超过?)?$"
)
_EACH = re.compile(r"每(?!年)|最[高多]|给予|不超过|上限|封顶|单个|一次性|按照?")
_MANY = 10
_KNOWN = re.compile(r"(?:全部|所有|现有|原有|上述|以上|其余|余下|这|该|全[国省市县区]|所辖|辖区)(?:的)?$")
_DISTRICTS = re.compile(r"(?:区县|县（|市（|市州|市县|乡镇|街道|行政村|建制村|地级市|设区市)")
_CONDITION = re.compile(
    r"(?:满|涉及|具有|具备|取得|凡|如|若|对(?!口)|符合|属于|因|按照?|以[^上下内]|不足|未达|低于|少于|超出|会期|规模约)"
)
_SERVICE = re.compile(
    r"(?:贴息|贷款|还款|补贴|享受|保存|保管|聘用?|服务|合同|租赁|租期|有效|任职|质保)(?:年限|时间|期限?)"
)
_TERMS = re.compile(r"年|月|天|日|小时|分钟|秒")
_EARNED = re.compile(r"收入|增收|产值|产出|效益|税收|营收|投入")
_DEFINES = re.compile(r"是指|所称|指的是|有效期|须|应具[有备]|不得低于.{0,6}职称")
_TERM = re.compile(r"(?:近|满|连续|前|后|每|过去|工作|从业|任教)$")
_QUOTA = re.compile(r"(?:申报|限报|报送|推荐|提名)(?:数量|名额|总数|项目)?[^，]{0,6}(?:不超过|不多于|最多|限|不得超过)")
_OFTEN = re.compile(r"每[一两三半\d]*(?:个)?(?:年|月|季度?|周|天|日|学期|学年|届)[^，；]{0,12}$")
_RULE = re.compile(
    r"原则上|一般|应|须|不得|必须|要求|自选|标准(?:为|不)|的标准|总课时|学时|课时|每(?!年|季)[^，；\d]{0,3}[\d一二两三四五六七八九十百千万]*[^，；\d]{1,20}不[低少超多]|[生日]均.{0,8}不[低少]于|(?:配建|配套)比例不"
)
_DUTY = re.compile(r"应当|不得|必须|原则上|一律")
_CONVENES = re.compile(
    r"关于(?:开展|召开|举办|举行|组织参加|参加)[^。]*(?:会议?|培训班?|研修班?|论坛|比赛|大赛|竞赛|展览?|活动|讲座)的(?:预备|补充)?(?:通知|函)"
)
_PARTS = re.compile(
    r"(?:方面|领域|环节|维度|层次|层面|阶段|方向|原则|类别|部分|步骤|步|要素|关键|坚持|统筹|结合|统一|转变|重点任务|一体化|相关|有关)"
)
_NOUN_AFTER = re.compile(r"(?:以上|以下|以内|左右|及以上)?的(?!目标|任务|要求)")
_SIZED = re.compile(r"[元亩顷米吨瓦岁辆床]|%")
_SIZE = re.compile(r"[伏瓦米吨元亩顷升岁张]$")
_THING = re.compile(r"(?:及?以上|以下)?[^，。；、和及与]{1,16}")
_LATE = re.compile(r"[A-Za-z+\"”]|[Gg]|x|×")
# A measure word that is the beginning of another word
_REST = {
    "部": "分|门|委|署",
    "场": "所|景|馆",
    "名": "单|录",
    "家": "庭|长",
    "门": "类|诊|店|槛",
    "条": "件|例|款",
    "处": "室|理",
    "点": "位",
    "台": "账",
    "人": "工|均|口",
    "项": "目标",
}
_TIMES = ("年", "个月", "天", "小时", "分钟", "秒", "工作日", "个工作日", "周", "个小时", "月")


def reviews(title: str) -> bool:
    """Whether a section of this title looks back."""
    return _DONE.search(title) is not None or (
        _REVIEW.search(title) is not None and not GOALS.search(title) and not _ACTS.match(title)
    )


def convenes(title: str) -> bool:
    """Whether a document of this title invites to a meeting, a course or a contest; its figures are arrangements."""
    return _CONVENES.search(title) is not None


def is_past(so_far: str, *, told: bool) -> bool:
    """Whether the words up to a number report it as reached; `told` in news and in what leads up to tasks."""
    reported = _PAST.search(so_far) or (told and "同比" in so_far)
    return bool(reported) and not _FUTURE.search(so_far)


def is_future(sentence: str) -> bool:
    """Whether the sentence says that it speaks of what is to come."""
    return _FUTURE.search(sentence) is not None


def is_rule(clause: str) -> bool:
    """Whether the clause states a standing requirement rather than something to reach once."""
    return _RULE.search(clause) is not None


def is_duty(clause: str) -> bool:
    """Whether the clause binds at all times, whatever year the sentences before it speak of."""
    return _DUTY.search(clause) is not None


def is_promise(before: str, clause_before: str) -> bool:
    """Whether a verb before the number, in its clause or earlier in the sentence, makes it something to reach."""
    if ACHIEVED.search(before[-_NEAR:]) or _SHARE.search(clause_before[-_NEAR:]):
        return True
    if aims_elsewhere(clause_before):
        return False
    return BUILDS.search(before) is not None


def ends_clause(clause_before: str, after: str) -> bool:
    """Whether the number closes its clause behind the words for what it counts, as a drafter states a task."""
    told = re.search(r"[\u4e00-\u9fa5]{3}$", clause_before) and not _CONDITION.search(clause_before)
    return (
        bool(told) and re.match(r"(?:及?以上|左右|以内|以下)?(?:[，。；（]|、(?=[\u4e00-\u9fa5])|$)", after) is not None
    )


def aims_elsewhere(clause_before: str) -> bool:
    """Whether the clause only names what the rest of the sentence is to serve: 围绕3个产业集群."""
    return _AIMS.match(clause_before) is not None and not BUILDS.search(clause_before[2:])


def is_share(unit: str, after: str) -> bool:
    """Whether the number is the part of something that is to do or become what follows: 90%以上的县建成…."""
    return (
        unit == "%"
        and re.match(r"(?:以上|左右)?的?[^，。；]{1,30}", after) is not None
        and BUILDS.search(after[:40].split("，")[0]) is not None
    )


def look_alike(value_text: str, unit: str, before: str, after: str) -> bool:
    """Whether the digits count nothing: dates, ordinals, names, grades, parts of a list."""
    if (
        before.endswith(("第", "No.", "NO.", "no.", "电话", "-"))
        or re.search(r"[\dA-Za-z]/$", before)
        or _LATE.match(after)
    ):
        return True
    if after.startswith("级") or (
        after.startswith(("月", "号", "日", "时", "周年", "级", "大", "+", "型", "版", "类", "星", "线", "式", "元论"))
        and unit not in ("亿", "万亿", "千亿", "百亿")
    ):
        return True
    if unit in (
        "年",
        "日",
        "月",
        "点",
        "分",
        "国",
        "省",
        "市",
        "区",
        "代",
        "届",
        "道",
        "类",
        "期",
        "轮",
    ) and not ACHIEVED.search(before[-_NEAR:]):
        return True
    if re.match(_REST.get(unit[-1:], "(?!)"), after):
        return True
    if unit == "年" and re.fullmatch(r"(?:19|20)\d\d", value_text):
        return True
    if not unit:
        return (
            not (ACHIEVED.search(before[-6:]) and re.match(r"(?:以上|以下|左右|以内|$|[，、。；（和])", after))
            or len(value_text) > 6
        )
    return _PARTS.match(re.sub(r"^(?:重点|主要|关键|基本)", "", after)) is not None


def measures_a_thing(unit: str, between: str) -> bool:
    """Whether a size is only how big the things are that the next number counts: 500千伏变电站8座."""
    return (
        _SIZE.search(unit) is not None
        and re.fullmatch(r"(?:及?以上|以下)?[^，。；、和及与/]{1,16}", between) is not None
    )


def worded_count(value: Decimal, unit: str, before: str, clause_before: str, after: str) -> bool:
    """Whether a number in words counts something: its verb is right before it, or it is large and closes its clause."""
    if _RIGHT_BEFORE.search(before[-_NEAR:]):
        return True
    large = value >= _MANY or unit[:1] in ("万", "亿")
    return large and ends_clause(clause_before, after) and BUILDS.search(clause_before) is not None


def beside_the_point(unit: str, before: str, clause_before: str, after: str) -> bool:
    """Whether the number is a frequency, a ceiling of support, a condition on something else, or a term."""
    strong = ACHIEVED.search(before[-8:]) is not None
    if (unit != "%" and _KNOWN.search(before)) or (
        _DISTRICTS.match(after) and re.search(r"全[国省市县区]", clause_before)
    ):
        return True
    if _SERVICE.search(clause_before) and _TERMS.search(unit):
        return True
    if re.search(r"频[次率]", clause_before) and _TERMS.search(unit):
        return True
    if unit == "分" and re.search(r"考核|权重|分值|计分|加分|扣分|得分", clause_before):
        return True
    if (
        "元" in unit
        and re.search(r"(?:每(?!年)|单价)[^，；]{0,12}$", clause_before)
        and not _EARNED.search(clause_before)
    ):
        return True
    if _DEFINES.search(before) or (unit in _TIMES and _TERM.search(before)):
        return True
    if (_QUOTA.search(clause_before) and strong) or (unit == "%" and re.search(r"按[^，]*的$", clause_before)):
        return True
    if (_OFTEN.search(clause_before) and unit in ("次", "场", "场次", "轮", "期")) or before.endswith("每"):
        return True
    if (
        ("元" in unit or unit in ("%", "个基点", "基点"))
        and _CAP.search(clause_before)
        and not re.search(r"(?:达到?|[提升]高到|不低于)$", before)
        and not (_POT.search(clause_before) and not _EACH.search(clause_before))
    ):
        return True
    if unit in _TIMES and (
        not strong
        or (
            re.match(r"内|以上(?:的)?(?:工作|从业|企业|实践|经历|经验)|制", after)
            and not re.search(r"[缩压控]", clause_before)
        )
    ):
        return True
    if unit in ("岁", "周岁") and not re.search(r"寿命|平均年龄", clause_before):
        return True
    pot = _POT.search(clause_before) and BUILDS.search(clause_before)
    if _SIZED.search(unit) and _NOUN_AFTER.match(after) and (unit != "%" or strong) and not pot:
        return True
    return bool(_SIZED.search(unit) and unit != "%" and re.match(r"(?:及?以上|以下)(?![，、。；（(和及]|$)", after))
