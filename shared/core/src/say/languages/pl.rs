//! The Polish words. The texts are the owner's.

use super::{BuiltIn, Promotions, Thanks};

pub(super) const POLISH: BuiltIn = BuiltIn {
    codes: &["pl"],
    text: super::no_text,
    stop: &[
        "stop",
        "koniec wiadomości",
        "nie chcę wiadomości",
        "nie chcę więcej wiadomości",
        "proszę nie wysyłać więcej wiadomości",
        "nie wysyłać więcej",
        "nie wysyłajcie więcej",
    ],
    ambiguous_stop: &[
        "wypisz mnie",
        "wypisz",
        "proszę mnie wypisać",
        "wypisać się",
    ],
    start: &["start", "wznów"],
    ambiguous_start: &["zapisz mnie", "zapisz"],
    promotions: Promotions {
        stop: "zatrzymaj zatrzymać wstrzymaj wstrzymać zakończ stop wyłącz",
        what: "promocje promocji promocja reklamy reklam marketing oferty newsletter",
        between: "te wszystkie proszę wiadomości",
    },
    thanks: Thanks {
        core: "dziękuję dziękuje dziękujemy dziękować dzięki dzieki dzięks dziękóweczka dzięx thx \
               thanks",
        around: "bardzo serdecznie pięknie ślicznie wielkie jeszcze raz ci wam panu pani państwu i \
               miłego dobrego dnia wieczoru weekendu super świetnie świetne dobrze działa rozumiem \
               pozdrawiam pozdrowienia wszystko",
        for_what: "za",
        what_for: "pomoc szybką odpowiedź informację informacje wsparcie obsługę cierpliwość czas \
               wszystko fajną miłą",
        agreed: &[
            "dobrze",
            "rozumiem",
            "jasne",
            "świetnie",
            "w porządku",
            "zgoda",
            "super",
        ],
    },
};
