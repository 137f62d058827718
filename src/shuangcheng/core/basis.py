"""Why something may be asked: legal bases and purposes.

The bases are those of the Personal Information Protection Law 个人信息保护法 that registers of education rest on:
art. 13 (statutory duty; contract; consent), art. 23 (separate consent to pass on), art. 31 (guardians, under 14).
"""

from datetime import date

from .schema import Choice
from .text import _

GUARDED_UNDER = 14
"""Age in years below which a guardian consents, art. 31."""


class LegalBasis(Choice):
    """On what law a request rests 法律依据."""

    STATUTORY_DUTY = "statutory_duty", _("履行法定职责")
    CONTRACT = "contract", _("订立或履行合同所必需")
    SEPARATE_CONSENT = "separate_consent", _("本人单独同意")
    GUARDIAN_CONSENT = "guardian_consent", _("监护人同意（不满十四周岁）")

    @property
    def needs_consent(self) -> bool:
        """Whether a receipt of consent must come with the request; a statutory duty asks for none."""
        return self in (LegalBasis.SEPARATE_CONSENT, LegalBasis.GUARDIAN_CONSENT)


class Purpose(Choice):
    """What a request is for 查询用途."""

    ENROLMENT = "enrolment", _("随迁子女入学")
    TRANSFER = "transfer", _("转学与学籍异动")
    ADMISSION = "admission", _("招生录取资格审核")
    RECRUITMENT = "recruitment", _("教师招聘与聘用")
    TITLE_REVIEW = "title_review", _("职称评审与认定")
    EMPLOYMENT_SERVICE = "employment_service", _("毕业生就业服务")
    STATISTICS = "statistics", _("统计分析（不含个人信息）")
    LICENSING = "licensing", _("办学许可审批")
    SUPERVISION = "supervision", _("办学监管与联合执法")
    CORRECTION = "correction", _("校核纠错")
    OWN_RECORD = "own_record", _("本人查询")


def guarded(birth: date, *, today: date) -> bool:
    """Whether a guardian must consent for a person born on `birth`."""
    return (today.year - birth.year) - ((today.month, today.day) < (birth.month, birth.day)) < GUARDED_UNDER
