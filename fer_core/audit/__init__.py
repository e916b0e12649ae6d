"""What is wrong with data and figures: flags on rows, the protocol check, and the score card."""

from fer_core.audit.audit_flags import find_audit_flags
from fer_core.audit.beside import Beside, set_beside, spell_reference
from fer_core.audit.cautions import find_cautions
from fer_core.audit.control import start_audit, stop_audit
from fer_core.audit.finding import Finding
from fer_core.audit.near_copies import NearCopies, find_near_copies
from fer_core.audit.predictions import Predictions, read_predictions
from fer_core.audit.protocol import check_model, check_predictions
from fer_core.audit.quality import Flag, count_agreement, find_flags
from fer_core.audit.report import Audit, judge_errors, judge_no_face, read_audit
from fer_core.audit.scorecard import ScoreCard, ScoreLine, build_scorecard, score_model
from fer_core.audit.store import AuditState, read_state

__all__ = [
    "Audit",
    "AuditState",
    "Beside",
    "Finding",
    "Flag",
    "NearCopies",
    "Predictions",
    "ScoreCard",
    "ScoreLine",
    "build_scorecard",
    "check_model",
    "check_predictions",
    "count_agreement",
    "find_audit_flags",
    "find_cautions",
    "find_flags",
    "find_near_copies",
    "judge_errors",
    "judge_no_face",
    "read_audit",
    "read_predictions",
    "read_state",
    "score_model",
    "set_beside",
    "spell_reference",
    "start_audit",
    "stop_audit",
]
