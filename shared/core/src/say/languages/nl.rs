//! The Dutch words. The texts are the owner's.

use super::{BuiltIn, Promotions, Thanks};

pub(super) const DUTCH: BuiltIn = BuiltIn {
    codes: &["nl"],
    text: super::no_text,
    stop: &[
        "stop",
        "stop berichten",
        "stop met berichten",
        "geen berichten meer",
        "geen berichten meer aub",
        "geen reclame",
        "geen reclame meer",
        "geen aanbiedingen meer",
    ],
    ambiguous_stop: &[
        "stoppen",
        "afmelden",
        "afmelding",
        "meld me af",
        "mij afmelden",
        "ik wil me afmelden",
        "uitschrijven",
        "schrijf me uit",
        "mij uitschrijven",
    ],
    start: &["start", "hervatten"],
    ambiguous_start: &["aanmelden", "inschrijven"],
    promotions: Promotions {
        stop: "stop stoppen stopt beëindigen afmelden",
        what: "promoties promotie promo reclame reclames aanbiedingen advertenties nieuwsbrief \
               nieuwsbrieven marketing",
        between: "de het alle met voor van aub graag berichten",
    },
    thanks: Thanks {
        core: "bedankt dank dankjewel dankuwel dankje danku bedankje thanks thx thnx merci",
        around: "je u jullie wel heel erg veel hartelijk hartelijke ontzettend super en ook nogmaals \
               fijne fijn goede goed mooie dag avond weekend week nog top prima perfect mooi \
               geweldig fantastisch alles is in orde gelukt werkt opgelost ontvangen duidelijk \
               groet groeten groetjes met vriendelijke mvg gr doei hoor hè oké zo",
        for_what: "voor",
        what_for: "de het je jouw uw jullie snelle goede fijne hulp reactie antwoord ondersteuning \
               service info informatie moeite geduld tijd uitleg berichtje bericht terugkoppeling \
               advies",
        agreed: &[
            "prima",
            "in orde",
            "duidelijk",
            "is goed",
            "helemaal goed",
            "komt goed",
            "perfect",
            "begrepen",
        ],
    },
};
