mod others;

use self::others::{MORE_THAN_THANKS, OTHERS};
use super::*;

const ENGLISH: [&str; 31] = [
    "Thanks!",
    "  THANK YOU  ",
    "thank you so much 🙏🏽",
    "Ok, thanks.",
    "thankyou",
    "Thanks mate",
    "tysm",
    "ty",
    "thx",
    "Thank you, have a nice day",
    "Thanks, all good",
    "Perfect, thank you so much!",
    "thanks for your help",
    "Thanks for the quick reply!",
    "many thanks",
    "thank u",
    "cheers",
    "Thaaanks",
    "THANKSSSS",
    "appreciate it",
    "Great, that works, thanks",
    "Got it, thank you",
    "Thanks :)",
    "thanks <3",
    "Thanks again, bye",
    "Thank you all, have a great weekend",
    "ok",
    "Okay!",
    "Alright",
    "Got it",
    "thanks x",
];

const GERMAN: [&str; 24] = [
    "Danke schön!!!",
    "Vielen Dank 😊",
    "Dankeschoen",
    "danke für die schnelle Hilfe",
    "Danke, hat geklappt",
    "Vielen Dank und einen schönen Tag",
    "Vielen Dank und einen schönen Tag noch",
    "Dankeee",
    "danke dir",
    "Danke scho\u{308}n",
    "Herzlichen Dank für Ihre Unterstützung",
    "Danke fuer die schnelle Rueckmeldung",
    "Super, vielen lieben Dank",
    "Alles klar, danke",
    "alles klar",
    "Alles gut, danke",
    "passt, danke",
    "Funktioniert, danke!",
    "Danke, ist angekommen",
    "Tausend Dank",
    "merci vielmal",
    "Danke, LG",
    "Danke und viele Grüße",
    "ok danke",
];

const FRENCH: [&str; 21] = [
    "D'accord, merci",
    "D’accord. Merci !",
    "merci bcp",
    "merci a vous",
    "merci à toi",
    "Merci, bonne soirée",
    "je vous remercie",
    "Je vous remercie beaucoup",
    "Mille mercis",
    "un grand merci",
    "Merci pour votre aide",
    "merci pour l’aide",
    "Parfait, merci",
    "super merci",
    "merci infiniment",
    "C’est bon merci",
    "Merci\u{a0}!",
    "d'accord",
    "Ça marche",
    "Bien reçu, merci",
    "merciiii",
];

const SPANISH: [&str; 19] = [
    "¡Muchas gracias!",
    "Muchísimas\ngracias",
    "muchisimas gracias",
    "Ok muchas gracias",
    "muy amable",
    "Muy amable, gracias",
    "mil gracias",
    "gracias por su ayuda",
    "Gracias por todo",
    "Vale, gracias",
    "perfecto, gracias",
    "Gracias, que tenga buen día",
    "gracias por la atención",
    "graciaaas",
    "Muchas gracias, saludos",
    "Gracias a ti",
    "vale",
    "Entendido, gracias",
    "genial, gracias",
];

const PORTUGUESE: [&str; 22] = [
    "Muito obrigada ❤️",
    "vlw",
    "obrigadão",
    "mto obrigada",
    "muito obg",
    "agradeço",
    "grato",
    "ta bom obrigado",
    "Tá bom, obrigada",
    "Obrigado pelo atendimento",
    "beleza, valeu",
    "valeu",
    "obg",
    "obrigado pela ajuda",
    "Perfeito, obrigado",
    "Muito obrigado mesmo!",
    "Obrigada, bom dia",
    "brigada",
    "beleza",
    "blz",
    "Deu certo, obrigado",
    "OBRIGADO 🙌",
];

const ITALIAN: [&str; 9] = [
    "grazie",
    "Grazie mille!",
    "grazie tante",
    "ti ringrazio",
    "La ringrazio",
    "perfetto grazie",
    "molto gentile, grazie",
    "Va bene, grazie",
    "grazie per l'aiuto",
];

const DUTCH: [&str; 9] = [
    "Bedankt!",
    "dank je",
    "dank je wel",
    "Dank u wel",
    "dankjewel",
    "heel erg bedankt",
    "Bedankt voor de snelle reactie",
    "Top, bedankt",
    "prima, dank je",
];

const POLISH: [&str; 7] = [
    "dziękuję",
    "dziekuje",
    "Dzięki!",
    "Dziękuję bardzo",
    "wielkie dzięki",
    "dziękuję za pomoc",
    "Ok, dzięki",
];

const TURKISH: [&str; 12] = [
    "teşekkürler",
    "TEŞEKKÜRLER",
    "tesekkurler",
    "teşekkür ederim",
    "çok teşekkürler",
    "Çok teşekkür ederim",
    "sağol",
    "sağ olun",
    "tşk",
    "eyvallah",
    "Tamam, teşekkürler",
    "yardımınız için teşekkürler",
];

const ARABIC: [&str; 10] = [
    "شكرا",
    "شكرًا",
    "شكرا جزيلا",
    "شكراً جزيلاً لك",
    "مشكور",
    "مشكورة",
    "شكرا على المساعدة",
    "تمام شكرا",
    "الف شكرا",
    "يعطيك العافية",
];

const EMOJI: [&str; 20] = [
    "👍",
    "👍🏿👍🏿",
    "🙏 🙏 !",
    "❤️",
    "🙌",
    "👏",
    "😘",
    "💙",
    "😍",
    "😁",
    "👋",
    "✅",
    "🎉",
    "🫶",
    "☺️",
    "❤️‍🔥",
    "💯",
    "👍 ok",
    "😊❤️🌹",
    "🫡",
];

/// Messages that look like thanks, or like little, but are for an agent to read.
const SAYS_MORE: [&str; 88] = [
    "",
    " … ",
    "!",
    "?",
    "Thanks?",
    "Thanks, but it is still broken",
    "thanksgiving",
    "no thanks",
    "No, thank you",
    "thanks for nothing",
    "Thanks 😡",
    "👍 😡",
    "😡",
    "👎",
    "💔",
    "Thanks 💔",
    "1",
    "Thanks 2",
    "Thanks :(",
    "Danke, und wann?",
    "Danke, aber es geht nicht",
    "Danke, hat nicht geklappt",
    "Danke, hat leider nicht geklappt",
    "hat es geklappt",
    "Danke für nichts",
    "Danke im Voraus",
    "Nein danke",
    "Danke, bitte anrufen",
    "Danke, noch eine Frage",
    "thanks when does it come",
    "thanks, when will it arrive",
    "Thanks in advance",
    "thanks, one more question",
    "Thanks but no thanks",
    "Thanks, I still have the problem",
    "Thanks a lot for breaking it",
    "thanks help",
    "help",
    "Thanks, call me",
    "Thank you for your reply, it does not work",
    "Ok, and now",
    "ok cancel it",
    "Okay but when",
    "I would appreciate a reply",
    "appreciate your prompt reply",
    "Yes thanks",
    "Yes please",
    "Great, when",
    "It does not work",
    "gracias, pero no funciona",
    "Gracias por nada",
    "no gracias",
    "gracias cuando llega",
    "Gracias de antemano",
    "gracias, ayuda",
    "de nada",
    "¿Gracias?",
    "merci d'avance",
    "Merci, mais ça ne marche pas",
    "non merci",
    "merci de me rappeler",
    "Merci de votre réponse",
    "merci c'est quand",
    "ça ne marche pas",
    "Obrigado, mas não chegou",
    "não, obrigado",
    "obrigado desde já",
    "Obrigado, quando chega",
    "tudo bem",
    "vale la pena",
    "Vale, y el otro pedido",
    "grazie ma non funziona",
    "no grazie",
    "Grazie in anticipo",
    "bedankt maar het werkt niet",
    "nee bedankt",
    "alvast bedankt",
    "nie dziękuję",
    "dziękuję ale nie działa",
    "teşekkürler ama çalışmıyor",
    "hayır teşekkürler",
    "شكرا لكن لا يعمل",
    "لا شكرا",
    "شكرا؟",
    "hello",
    "hi",
    "Hallo",
    "danke danke danke danke danke danke danke danke danke danke danke danke danke ",
];

#[test]
fn thanks_alone_are_known_in_every_language() {
    let all: [&[&str]; 12] = [
        &ENGLISH,
        &GERMAN,
        &FRENCH,
        &SPANISH,
        &PORTUGUESE,
        &ITALIAN,
        &DUTCH,
        &POLISH,
        &TURKISH,
        &ARABIC,
        &EMOJI,
        &OTHERS,
    ];
    let messages = all.into_iter().flatten();
    let missed: Vec<_> = messages
        .filter(|message| !is_thanks_only(message, &[]))
        .collect();
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn whatever_says_more_is_no_thanks_alone() {
    let taken: Vec<_> = SAYS_MORE
        .into_iter()
        .chain(MORE_THAN_THANKS)
        .filter(|message| is_thanks_only(message, &[]))
        .collect();
    assert!(taken.is_empty(), "{taken:#?}");
}

#[test]
fn the_owner_may_add_words_and_emoji() {
    let more = ["Спасибо большое".to_owned(), "🐢".to_owned()];
    for (message, expected) in [
        ("спасибо БОЛЬШОЕ!", true),
        ("🐢🐢", true),
        ("🐢👍", true),
        ("Thanks 🐢", true),
        ("спасибо", false),
        ("😡", false),
    ] {
        assert_eq!(is_thanks_only(message, &more), expected, "{message}");
    }
    assert!(is_usable("💯") && is_usable("dank") && !is_usable(" ! "));
}
