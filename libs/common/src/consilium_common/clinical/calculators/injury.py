"""Whether an injury needs an X-ray: the Ottawa rules for ankle, foot and knee, and the Canadian C-spine rule."""

from consilium_common.clinical.calculators.inputs import Input, Origin, age, yes_no
from consilium_common.clinical.calculators.scoring import Band, Calculator, Population


def ottawa_ankle(*, outer_bone: bool, inner_bone: bool, cannot_walk: bool) -> int:
    """Return how many signs call for an X-ray of the ankle, 0 to 3: Stiell 1993."""
    return int(outer_bone) + int(inner_bone) + int(cannot_walk)


def ottawa_foot(*, fifth_metatarsal: bool, navicular: bool, cannot_walk: bool) -> int:
    """Return how many signs call for an X-ray of the midfoot, 0 to 3: Stiell 1993."""
    return int(fifth_metatarsal) + int(navicular) + int(cannot_walk)


def ottawa_knee(*, age_years: float, fibula_head: bool, only_kneecap: bool, cannot_bend: bool, cannot_walk: bool) -> int:
    """Return how many signs call for an X-ray of the knee, 0 to 5: Stiell 1995."""
    return int(age_years >= 55) + int(fibula_head) + int(only_kneecap) + int(cannot_bend) + int(cannot_walk)


def canadian_c_spine(
    *,
    age_years: float,
    dangerous_mechanism: bool,
    tingling_limbs: bool,
    simple_rear_end: bool,
    sitting: bool,
    walked: bool,
    delayed_pain: bool,
    midline_tenderness: bool,
    can_turn: bool,
) -> int:
    """Return 1 when the cervical spine needs imaging, 0 when not: Stiell 2001.

    A high-risk factor calls for imaging; without one, a low-risk factor allows to test the movement, and who turns the head by
    45 degrees to both sides needs none.
    """
    high = age_years >= 65 or dangerous_mechanism or tingling_limbs
    low = simple_rear_end or sitting or walked or delayed_pain or not midline_tenderness
    return int(high or not low or not can_turn)


def _tender(name: str, label: str, where: str, finding: str) -> Input:
    return yes_no(name, label, f"Press on {where}: does the bone itself hurt there?", Origin(findings=(finding,)))


_CANNOT_WALK = yes_no(
    "cannot_walk",
    "unable to take four steps, at once and now",
    "Could you take four steps right after it happened, and can you now, even with a limp?",
    Origin(findings=("inability-to-bear-weight",), contrary=("can-bear-weight",)),
)
_UNRELIABLE = {
    "reduced-alertness": "the examination is not reliable in somebody drowsy",
    "confusion": "the examination is not reliable in somebody confused",
    "drunk": "the examination is not reliable after drinking",
    "limb-deformity": "a deformed limb needs an X-ray whatever the rule says",
    "bone-visible": "an open fracture needs a surgeon whatever the rule says",
    "numbness": "a rule that rests on pain does not work where feeling is reduced",
}
_LEG_RULE = "adults with an injury of the last ten days, alert, with normal feeling in the leg, not pregnant"
# Stiell left out injuries older than ten days (ankle, foot) or seven (knee), and of the neck older than 48 hours.
_LEG_H, _KNEE_H, _NECK_H = 240, 168, 48
_LEG = Population(_LEG_RULE, min_age_years=18, max_duration_h=_LEG_H, excluded=_UNRELIABLE)
_X_RAY = "By the Ottawa {part} rule this {part} should be X-rayed, because one of its signs of a broken bone was described."
_CHANGES = "That changes if it cannot carry four steps, the bone becomes sore to press, or it is no better after five days."

OTTAWA_ANKLE = Calculator(
    id="ottawa-ankle",
    name="Ottawa ankle rule",
    about="whether an injured ankle needs an X-ray",
    inputs=(
        _CANNOT_WALK,
        _tender(
            "outer_bone",
            "tenderness of the posterior edge or tip of the lateral malleolus (distal 6 cm)",
            "the back edge and the tip of the outer ankle bone",
            "outer-ankle-bone-tender",
        ),
        _tender(
            "inner_bone",
            "tenderness of the posterior edge or tip of the medial malleolus (distal 6 cm)",
            "the back edge and the tip of the inner ankle bone",
            "inner-ankle-bone-tender",
        ),
    ),
    score=ottawa_ankle,
    top=3,
    bands=(
        Band(
            "no-x-ray",
            0,
            "no ankle X-ray needed",
            "a fracture is missed in under 2%",
            patient="By the Ottawa ankle rule an X-ray is not needed now. " + _CHANGES,
            reassures=True,
        ),
        Band(
            "x-ray",
            1,
            "ankle X-ray indicated",
            patient=_X_RAY.format(part="ankle"),
        ),
    ),
    population=_LEG,
    sources=("ottawa-ankle-stiell-1993", "ottawa-bachmann-2003"),
)

OTTAWA_FOOT = Calculator(
    id="ottawa-foot",
    name="Ottawa foot rule",
    about="whether an injured midfoot needs an X-ray",
    inputs=(
        _CANNOT_WALK,
        _tender(
            "fifth_metatarsal",
            "tenderness of the base of the fifth metatarsal",
            "the bump in the middle of the outer edge of the foot",
            "fifth-metatarsal-tender",
        ),
        _tender(
            "navicular",
            "tenderness of the navicular",
            "the bone at the top of the arch on the inner side of the foot",
            "navicular-tender",
        ),
    ),
    score=ottawa_foot,
    top=3,
    bands=(
        Band(
            "no-x-ray",
            0,
            "no foot X-ray needed",
            "a fracture is missed in under 2%",
            patient="By the Ottawa foot rule an X-ray of the middle of the foot is not needed now. " + _CHANGES,
            reassures=True,
        ),
        Band(
            "x-ray",
            1,
            "foot X-ray indicated",
            patient=_X_RAY.format(part="foot"),
        ),
    ),
    population=Population(
        _LEG_RULE + "; for pain in the middle of the foot, not of toes or heel",
        min_age_years=18,
        max_duration_h=_LEG_H,
        excluded=_UNRELIABLE,
    ),
    sources=("ottawa-ankle-stiell-1993", "ottawa-bachmann-2003"),
)

OTTAWA_KNEE = Calculator(
    id="ottawa-knee",
    name="Ottawa knee rule",
    about="whether an injured knee needs an X-ray",
    inputs=(
        age(),
        _CANNOT_WALK,
        yes_no(
            "cannot_bend",
            "unable to flex to 90°",
            "Can you bend the knee to a right angle?",
            Origin(findings=("knee-bend-under-right-angle",)),
        ),
        _tender(
            "fibula_head",
            "tenderness of the head of the fibula",
            "the bony bump on the outer side just below the knee",
            "fibula-head-tender",
        ),
        yes_no(
            "only_kneecap",
            "isolated tenderness of the patella",
            "Press on the kneecap: is it the only bone of the knee that hurts?",
            Origin(findings=("only-kneecap-tender",)),
        ),
    ),
    score=ottawa_knee,
    top=5,
    bands=(
        Band(
            "no-x-ray",
            0,
            "no knee X-ray needed",
            "a fracture is missed in 1.5% at most",
            patient="By the Ottawa knee rule an X-ray is not needed now. " + _CHANGES,
            reassures=True,
        ),
        Band(
            "x-ray",
            1,
            "knee X-ray indicated",
            patient=_X_RAY.format(part="knee"),
        ),
    ),
    population=Population(
        "adults with a knee injury of the last seven days, alert, with normal feeling in the leg, not pregnant",
        min_age_years=18,
        max_duration_h=_KNEE_H,
        excluded=_UNRELIABLE,
    ),
    sources=("ottawa-knee-stiell-1995", "ottawa-knee-bachmann-2004"),
)

CANADIAN_C_SPINE = Calculator(
    id="canadian-c-spine",
    name="Canadian C-spine rule",
    about="whether an injured neck needs imaging",
    inputs=(
        age(),
        yes_no(
            "dangerous_mechanism",
            "dangerous mechanism (fall from 1 m or five stairs, axial load, high speed, rollover, ejection, bicycle)",
            "Was it a fall from more than a metre, a blow on the top of the head, or a crash at speed or with a bicycle?",
            Origin(findings=("fall-from-height", "high-energy-injury")),
        ),
        yes_no(
            "tingling_limbs",
            "paraesthesia in arms or legs",
            "Is there tingling or numbness in arms or legs?",
            Origin(findings=("tingling-hands", "tingling-feet", "numbness", "limb-numb-after-injury", "tingling")),
        ),
        yes_no(
            "can_turn",
            "able to turn the head by 45° to both sides",
            "Without forcing it: can the head be turned half way to both sides?",
            Origin(findings=("can-turn-head-half-way",), contrary=("neck-movement-limited",)),
            lowers=True,
            patient_knows=False,
        ),
        yes_no(
            "midline_tenderness",
            "midline tenderness of the cervical spine",
            "Is the spine itself tender in the middle of the neck?",
            Origin(findings=("spinal-tenderness",)),
            patient_knows=False,
        ),
        yes_no(
            "simple_rear_end",
            "simple rear-end collision",
            "Was it a simple rear-end collision?",
            Origin(findings=("simple-rear-end-collision",)),
            lowers=True,
        ),
        yes_no(
            "sitting",
            "sitting in the emergency department",
            "Was the person sitting up since?",
            Origin(findings=("sitting-since-injury",)),
            lowers=True,
        ),
        yes_no(
            "walked",
            "walked at any time since",
            "Has the person walked since?",
            Origin(findings=("walked-since-injury",)),
            lowers=True,
        ),
        yes_no(
            "delayed_pain",
            "delayed onset of neck pain",
            "Did the neck pain come later, not at once?",
            Origin(findings=("neck-pain-came-later",)),
            lowers=True,
        ),
    ),
    score=canadian_c_spine,
    top=1,
    bands=(
        Band(
            "no-imaging",
            0,
            "no imaging of the cervical spine needed",
            "sensitivity 99.4% for an injury that matters",
            reassures=True,
        ),
        Band("imaging", 1, "imaging of the cervical spine indicated; keep the neck still until then"),
    ),
    population=Population(
        "alert (GCS 15) and stable people from 16 years on, injured within 48 hours, without paralysis or known disease of "
        "the spine, not pregnant",
        min_age_years=16,
        max_duration_h=_NECK_H,
        excluded={
            "reduced-alertness": "it needs full alertness",
            "confusion": "it needs full alertness",
            "drunk": "it needs full alertness",
            "limb-weakness": "paralysis needs imaging at once, whatever the rule says",
            "neck-wound": "it is not for penetrating injuries",
            "inflammatory-arthritis-history": "it was not tested with disease of the spine",
            "back-surgery-history": "it was not tested after operations on the spine",
        },
    ),
    sources=("c-spine-stiell-2001", "c-spine-stiell-2003"),
)
