"""Units and measure words of policy documents, and the pattern that finds one behind a number."""

import re

SCALES = "万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百"
_BASES = """
个百分点 百分点 % ‰ 个百分位 个工作日 个课时 个学时 个学分 个小时 个月 个床位 个标准 人次 人天 人日
户次 架次 车次 班次 只次 头次 辆次 艘次 列次 剂次 课次 例次 期次 项次 家次 个基点 基点 场次 台次 件次
平方公里 平方千米 平方米 立方米 公顷 公里 千米 厘米 毫米 米 海里 吨标准煤 吨标煤 标准煤 标箱 标准箱
吨公里 吨 公斤 千克 毫克 微克 克 斤 吉瓦时 千瓦时 兆瓦时 千瓦 兆瓦 吉瓦 瓦 度 千伏安 兆伏安 千伏
伏 蒸吨 大卡 立方 升 毫升 美元 欧元 港元 元 亩次 亩 小时 分钟 秒 工作日 天 日 周岁 岁 周 课时
学时 学分 人公里 车公里 标准机架 机架 工位 席位 席 机柜 床位 座位 泊位 车位 个 所 家 名 人 项 门
种 条 座 处 台 套 辆 件 册 篇 部 场 次 户 倍 成 张 位 支 只 头 株 棵 枚 颗 艘 架 列 对
班 间 栋 幢 片 块 届 批 组 类 例 份 宗 单 笔 店 街 站 村 镇 乡 县 区 市 省 国 校 院 馆
层 口 幅 首 集 期 轮 代 款 节 道 眼 尾 羽 匹 盏 根 杆 孔 桩 字 分 米次 斗 桶 瓶 盒 包 箱
点 年 TEU kWh kW MW GW TWh Mbps Gbps Tbps PFLOPS EFLOPS GB
TB PB EB dB km ℃ 册次
"""
_PER = (
    "人|元|亿元|万元|千克|公斤|升|立方米|平方米|平方公里|公里|百平方公里|亩|公顷|吨|年|天|日|小时|千瓦时|万人|千人|百人|户|"
    "床|件|次|秒|GB"
)
_LONGEST_FIRST = sorted(map(re.escape, _BASES.split()), key=len, reverse=True)
UNIT = rf"(?:{SCALES})?(?:{'|'.join(_LONGEST_FIRST)})(?:[/／](?:{_PER}))?"
