//! Languages in which Casement knows only a few words.

use super::Promotions;

/// Thanks as a whole message, in languages that Casement otherwise hardly knows.
///
/// The Norwegian "takk" and the Danish "tak" are missing, since on their own they mean "yes" in
/// Polish.
pub(super) const OTHER_THANKS: [&str; 34] = [
    "tack",
    "tack så mycket",
    "stort tack",
    "mange tak",
    "tusind tak",
    "tusen takk",
    "takk for hjelpen",
    "kiitos",
    "kiitos paljon",
    "děkuji",
    "děkuju",
    "díky",
    "ďakujem",
    "köszönöm",
    "köszönöm szépen",
    "köszi",
    "mulțumesc",
    "mulțumesc frumos",
    "hvala",
    "hvala lijepa",
    "gràcies",
    "moltes gràcies",
    "ευχαριστώ",
    "дякую",
    "תודה",
    "תודה רבה",
    "धन्यवाद",
    "شکریہ",
    "terima kasih",
    "cảm ơn",
    "ありがとうございます",
    "谢谢",
    "謝謝",
    "감사합니다",
];

/// Labels of Meta's button in languages that Casement otherwise does not know.
pub(super) const OTHER_STOPS: [&str; 9] = [
    "остановить рекламу",
    "отписаться от рассылки",
    "стоп",
    "プロモーションを停止",
    "停止推广",
    "停止推廣",
    "停止促销",
    "프로모션 중지",
    "หยุดโปรโมชัน",
];

/// The words of that button in such languages.
pub(super) const OTHER_PROMOTIONS: [Promotions; 10] = [
    Promotions {
        stop: "остановить прекратить отключить стоп",
        what: "рекламу реклама акции рассылку рассылки предложения промо маркетинг",
        between: "все эти рекламные рекламную",
    },
    Promotions {
        stop: "зупинити припинити вимкнути стоп",
        what: "рекламу реклама акції розсилку пропозиції промо",
        between: "усі ці рекламні",
    },
    // Swedish, Danish and Norwegian.
    Promotions {
        stop: "stoppa stop stopp stoppe sluta avsluta avslutt afslut",
        what: "kampanjer kampanj kampagner reklam reklame erbjudanden tilbud marknadsföring \
               markedsføring",
        between: "alla alle med om från fra",
    },
    Promotions {
        stop: "lopeta pysäytä",
        what: "mainokset mainonta kampanjat tarjoukset markkinointi markkinointiviestit",
        between: "kaikki",
    },
    // Czech and Slovak.
    Promotions {
        stop: "zastavit zastavte ukončit zrušit zastaviť ukončiť zrušiť",
        what: "propagaci propagace reklamy reklamu akce nabídky promo promoakce propagáciu ponuky",
        between: "všechny všetky",
    },
    Promotions {
        stop: "leállítás leállítása leállít állítsa stop",
        what: "promóciók promóció reklámok akciók hirdetések ajánlatok",
        between: "a az le",
    },
    Promotions {
        stop: "oprește opriți oprire stop",
        what: "promoțiile promoții reclame reclamele oferte ofertele",
        between: "toate",
    },
    Promotions {
        stop: "διακοπή σταματήστε σταμάτα",
        what: "προσφορών προσφορές προωθήσεων προωθητικών διαφημίσεις διαφημίσεων ενεργειών",
        between: "τις των όλες",
    },
    Promotions {
        stop: "הפסק הפסקת עצור הפסיקו",
        what: "מבצעים פרסומות פרסום קידומים",
        between: "את כל",
    },
    // Indonesian and Malay.
    Promotions {
        stop: "hentikan berhenti stop",
        what: "promosi promo iklan penawaran pemasaran",
        between: "semua pesan mesej",
    },
];
