"""Words beside a full stop that tell whether a sentence ends there (English)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BEFORE_NAMES = _words(
    """mr mrs ms mx dr prof sen sens rep reps gov gen adm col maj lt capt cpl sgt hon rev fr pres
    amb supt insp messrs mme mlle vs v cf viz approx e.g i.e"""
)
"""Abbreviations that a sentence goes on after, whatever follows."""

BEFORE_NUMBERS = _words(
    """no nos fig figs art arts sec ch chap vol p pp para paras nr jan feb mar apr jun jul aug sep
    sept oct nov dec ca c"""
)
"""Abbreviations that a sentence goes on after if a number follows."""

EITHER_WAY = _words(
    """corp inc ltd co cos bros llc jr sr esq st mt ft al dept assn univ est mfg intl natl govt sec
    ave blvd"""
)
"""Abbreviations that end a sentence only if the next word is one that opens sentences."""

OPENERS = _words(
    """a after all although american an and another any are as asked at because before both but by
    can could despite did do does during each earlier even every few for from had has have he her
    here his how however i if in instead is it its it's it’s last later like many meanwhile most my
    neither no nobody none nor not now of on once one only or other others our perhaps she since so
    some such that that's that’s the their then there there's there’s these they this those though
    through thus to today under unless until was we were what when where whether which while who
    why will with would yet you your"""
)
"""Words that, with a capital letter, most likely open a sentence."""

OPENERS_AND_NAMES = _words("a an all can do early few has i last like long many may my no so will")
"""Those of them that may be a name after an initial: George F. Will."""

VERBS = _words(
    """is are was were has had have will would can could may might must should does did do said
    says wants wanted sees expects rejected rejects agreed agrees demands demanded also"""
)
"""Words that make a single capitalised word before them a subject."""

OF_A_STATE = _words(
    """administration agency agriculture ambassador army attorney bank bureau capitol census
    chamber commerce congress constitution court customs defense department district dollar embassy
    energy federal food government house international justice labor marine national navy postal
    president representative secretary securities senate senator state steel supreme trade treasury
    vice"""
)
"""What a state's name is put before: "the U.S. Congress has" goes on, "the U.S. Mexico has" not."""
