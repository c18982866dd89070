//! German.

use super::TextKey;
use super::{BuiltIn, Promotions, Thanks};

pub(super) const GERMAN: BuiltIn = BuiltIn {
    codes: &["de"],
    text,
    stop: &[
        "stop",
        "stopp",
        "stop bitte",
        "stopp bitte",
        "bitte stop",
        "bitte stopp",
        "keine nachrichten mehr",
        "bitte keine nachrichten mehr",
        "keine nachrichten mehr bitte",
        "keine automatischen nachrichten mehr",
        "keine werbung",
        "keine werbung mehr",
        "bitte keine werbung",
        "bitte keine werbung mehr",
        "keine werbung mehr bitte",
        "keine angebote mehr",
        "keine promotions mehr",
        "nachrichten stoppen",
    ],
    ambiguous_stop: &[
        "keine nachrichten",
        "bitte keine nachrichten",
        "stoppen",
        "abmelden",
        "bitte abmelden",
        "abmelden bitte",
        "mich abmelden",
        "ich möchte mich abmelden",
        "abmeldung",
        "abbestellen",
        "bitte abbestellen",
        "abbestellen bitte",
        "abbestellung",
        "austragen",
        "bitte austragen",
        "austragen bitte",
        "mich austragen",
    ],
    start: &["start", "starten", "wieder starten", "nachrichten starten"],
    ambiguous_start: &["anmelden", "bitte anmelden", "wieder anmelden"],
    promotions: Promotions {
        stop: "stop stopp stoppen beenden abbestellen abmelden deaktivieren abstellen",
        what: "werbung werbeaktionen werbeaktion werbenachrichten werbeangebote promotions \
               promotion promos aktionen angebote marketing newsletter rundschreiben",
        between: "die alle diese eure ihre bitte von vom mehr keine nachrichten",
    },
    thanks: Thanks {
        core: "danke dank danken dankeschön dankesehr dankbar vielendank merci thx thanks",
        around: "vielen vielmals vielmal lieben liebe herzlichen herzlich besten tausend schön sehr \
               recht ganz so dir ihnen euch allen und auch ich wir bin ja einen ein eine schönen \
               schönes schöne feierabend guten gute gutes tag abend wochenende woche nacht noch hat habe ist \
               hab alles gut klar bestens perfekt wunderbar prima toll klasse spitze großartig \
               geklappt funktioniert funktionierts klappt läuft geholfen erledigt angekommen \
               erhalten bekommen gelöst nochmal nochmals gleichfalls ebenfalls ebenso gruß grüße \
               freundlichen viele mit lg vg mfg tschüss ciao servus mega echt wirklich jetzt mir",
        for_what: "für",
        what_for: "die der den das ihre ihren deine deinen eure euren diese schnelle schnellen rasche \
               raschen tolle prompte freundliche nette kompetente gute super hilfe \
               hilfsbereitschaft unterstützung antwort rückmeldung rückantwort auskunft info infos \
               information informationen bearbeitung beratung betreuung bemühungen mühe service \
               geduld nachricht hinweis tipp lösung zeit",
        agreed: &[
            "alles klar",
            "alles gut",
            "passt",
            "passt so",
            "passt schon",
            "in ordnung",
            "geht klar",
            "sehr gut",
            "perfekt",
            "prima",
            "klasse",
            "toll",
            "wunderbar",
            "verstanden",
            "klar",
        ],
    },
};

fn text(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Vielen Dank für Ihre Nachricht, {name}. Im Moment sind alle im Gespräch; wir \
             antworten Ihnen hier, sobald wir können."
        }
        TextKey::DelayNoticeClosed => {
            "Vielen Dank für Ihre Nachricht, {name}. Wir sind gerade nicht im Büro \
             und antworten Ihnen hier, sobald wir zurück sind. Ab {next_opening} sind wir wieder \
             für Sie da."
        }
        TextKey::KeepOpenPrompt => {
            "Sie warten noch auf unsere Antwort, {name}, und wir haben Sie nicht \
             vergessen. WhatsApp lässt uns nur 24 Stunden lang nach Ihrer letzten Nachricht \
             schreiben. Bitte tippen Sie auf die Schaltfläche, wenn Sie noch Hilfe brauchen, damit \
             unsere Antwort Sie hier erreicht."
        }
        TextKey::KeepOpenButton => "Ich brauche Hilfe",
        TextKey::LostFile => {
            "Ihre Datei ist nicht bei uns angekommen: Vielleicht ist sie größer als 100 MB, \
             oder die Übertragung ist gescheitert. Bitte schicken Sie sie kleiner noch einmal, oder \
             schreiben Sie uns, was darin zu sehen ist."
        }
        TextKey::OptedOut => {
            "Sie bekommen keine automatischen Nachrichten mehr von uns. Sie können hier \
             weiter schreiben, und wir antworten Ihnen. Mit START bekommen Sie wieder automatische \
             Nachrichten."
        }
        TextKey::OptedIn => {
            "Sie bekommen wieder automatische Nachrichten von uns, zum Beispiel wenn eine \
             Antwort länger dauert. Mit STOP beenden Sie das."
        }
        TextKey::PhoneQuestion => {
            "Damit wir Ihnen helfen können, {name}, brauchen wir Ihre Telefonnummer. Bitte tippen \
             Sie auf die Schaltfläche, um sie mit uns zu teilen."
        }
        TextKey::OpeningFormat => "%A, %-d. %B, %-H:%M Uhr",
        TextKey::TimeFormat => "%H:%M Uhr",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}
