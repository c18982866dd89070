//! The Italian words. The texts are the owner's.

use super::{BuiltIn, Promotions, Thanks};

pub(super) const ITALIAN: BuiltIn = BuiltIn {
    codes: &["it"],
    text: super::no_text,
    stop: &[
        "stop",
        "basta messaggi",
        "basta pubblicità",
        "basta promozioni",
        "stop messaggi",
        "non voglio più messaggi",
        "non voglio più ricevere messaggi",
        "niente più messaggi",
        "non inviate più messaggi",
        "non inviatemi più messaggi",
    ],
    ambiguous_stop: &[
        "disiscrivimi",
        "disiscrivermi",
        "disiscrivetemi",
        "disiscrizione",
        "annulla iscrizione",
        "annullare iscrizione",
        "annulla l'iscrizione",
        "cancella iscrizione",
        "cancellami",
        "cancellatemi",
    ],
    start: &["start", "riprendi", "riprendi promozioni", "ricomincia"],
    ambiguous_start: &["iscrivimi", "iscrivermi"],
    promotions: Promotions {
        stop: "interrompi interrompere ferma fermare stop blocca bloccare basta",
        what: "promozioni promozione pubblicità offerte newsletter marketing",
        between: "le la con tutte per favore messaggi",
    },
    thanks: Thanks {
        core: "grazie ringrazio ringraziamo ringraziamenti gentilissimo gentilissima gentilissimi \
               gentile thx",
        around: "mille tante molte molto infinite infinitamente ancora davvero veramente ti la vi le \
               lei voi a te di cuore tutto tutti e buona buon bella giornata serata notte weekend \
               fine settimana perfetto perfetta ottimo ottima benissimo bene va ricevuto capito \
               risolto funziona arrivato super sei siete stata stato gentili cordiali saluti ciao \
               arrivederci",
        for_what: "per",
        what_for: "il lo la le l i gli suo sua tuo tua vostro vostra aiuto laiuto risposta rapida \
               veloce disponibilità supporto assistenza info informazioni informazione pazienza \
               tempo cortesia gentilezza servizio velocità avermi aiutato tutto",
        agreed: &[
            "va bene",
            "perfetto",
            "d'accordo",
            "ottimo",
            "benissimo",
            "capito",
            "ricevuto",
            "tutto ok",
            "tutto bene",
        ],
    },
};
