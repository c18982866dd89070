use super::*;
use crate::model::content::{Choice, ChoiceKind};
use crate::model::identity::{
    ConversationKey, CustomerIdentity, PhoneNumber, PhoneNumberId, Wamid,
};
use crate::settings::Settings;

fn settings() -> NumberSettings {
    let document = "[[number]]\nphone_number_id = \"1065\"\nservice_desk_id = \"1\"\nrequest_type_id = \"10\"\nstop_words = [\"Lass das!\"]\n";
    let settings = Settings::from_toml(document).unwrap();
    settings
        .number(&PhoneNumberId::new("1065"))
        .unwrap()
        .clone()
}

fn message(wamid: &str, body: &str) -> InboundMessage {
    InboundMessage {
        phone_number_id: PhoneNumberId::new("1065"),
        wamid: Wamid::new(wamid),
        from: CustomerIdentity::new(None, Some(PhoneNumber::new("49151"))).unwrap(),
        via: crate::model::content::Via::Direct,
        profile_name: None,
        sent_at: chrono::DateTime::UNIX_EPOCH,
        content: InboundContent::Text {
            body: body.to_owned(),
        },
        context: crate::model::content::Context::default(),
    }
}

fn conversation() -> Conversation {
    let number = PhoneNumberId::new("1065");
    let identity = CustomerIdentity::new(None, Some(PhoneNumber::new("49151"))).unwrap();
    Conversation::new(ConversationKey::new(&number, "49151"), identity)
}

fn of_text(body: &str) -> Option<OptOut> {
    expressed(&message("a", body).content, &settings())
}

fn of_button(kind: ChoiceKind, title: &str, id: Option<&str>) -> Option<OptOut> {
    let choice = Choice {
        kind,
        title: title.to_owned(),
        description: None,
        id: id.map(str::to_owned),
    };
    expressed(&InboundContent::Choice(choice), &settings())
}

#[test]
fn a_whole_message_is_a_wish_and_no_part_of_one() {
    for body in [
        "STOP",
        " stop. ",
        "Stop!!",
        "STOP 🛑",
        "Stopp",
        "stop all",
        "unsubscribe",
        "opt out",
        "stop messaging me",
        "stop sending me messages",
        "Please stop messaging me",
        "no more messages",
        "stop please",
        "keine Werbung",
        "Keine Werbung mehr!",
        "bitte keine nachrichten mehr",
        "Arrêt",
        "ARRET",
        "arre\u{302}t",
        "stop sms",
        "stop pub",
        "plus de messages",
        "DETENER",
        "alto",
        "Baja",
        "No mas mensajes",
        "no quiero más mensajes",
        "no enviar más",
        "parem",
        "sair",
        "não quero mais receber",
        "nao enviar mais",
        "basta messaggi",
        "mesaj istemiyorum",
        "RET",
        "إيقاف",
        "توقف",
        "ايقاف",
        "ＳＴＯＰ",
        "lass das",
    ] {
        assert_eq!(of_text(body), Some(OptOut::Stop), "{body}");
    }
    for body in [
        "Start",
        "unstop",
        "resume",
        "reanudar",
        "retomar",
        "reprendre",
        "STARTEN",
        "démarrer",
        "começar",
        "comecar",
        "voltar a receber",
    ] {
        assert_eq!(of_text(body), Some(OptOut::Start), "{body}");
    }
    for body in [
        "Stop?",
        "¿Parar?",
        "توقف؟",
        "stop, my order is wrong",
        "Stop the delivery",
        "Please stop",
        "Stop it",
        "stop\nstop",
        "cancel",
        "cancelar",
        "end",
        "no",
        "İptal",
        "kündigen",
        "Ich kündige",
        "résilier",
        "Anything else",
        "🛑",
        "",
        "I want to cancel my contract",
        "baja tensión",
        "no baja la app",
        "Stop promotions from being wrong",
        "Where is my promotion code",
        "promotion",
        "Ich habe keine Nachrichten bekommen",
        "die Werbung stoppen ging nicht",
        "Quiero cancelar mi contrato",
        "Darme de baja del servicio",
        "Ich möchte meinen Vertrag kündigen",
        "opzeggen",
        "para promociones",
        "baja el precio",
        "sair do contrato",
        "opt out of the contract",
        "the offers are great",
        "stop stop",
    ] {
        assert_eq!(of_text(body), None, "{body}");
    }
}

#[test]
fn what_may_end_a_contract_is_a_wish_that_somebody_answers() {
    for body in [
        "Darme de baja",
        "DAR DE BAJA",
        "quiero darme de baja",
        "cancelar suscripcion",
        "Abmelden",
        "abmelden!",
        "Abbestellen",
        "Abmeldung",
        "austragen",
        "Cancelar inscrição",
        "cancelar inscricao",
        "descadastrar",
        "remover",
        "désabonner",
        "Me désabonner",
        "desinscription",
        "désinscrire",
        "désabonnement",
        "remove me",
        "unsubscribe me",
        "disiscrivimi",
        "annulla iscrizione",
        "afmelden",
        "uitschrijven",
        "wypisz mnie",
        "إلغاء الاشتراك",
        "Keine Nachrichten",
        "no más",
    ] {
        assert_eq!(of_text(body), Some(OptOut::AmbiguousStop), "{body}");
    }
    for body in ["Anmelden", "M’abonner", "Darme de alta", "subscribe"] {
        assert_eq!(of_text(body), Some(OptOut::AmbiguousStart), "{body}");
    }
}

#[test]
fn metas_button_is_a_stop_in_every_language_by_label_and_by_payload() {
    let kinds = [
        ChoiceKind::TemplateButton,
        ChoiceKind::Button,
        ChoiceKind::List,
    ];
    for label in [
        "Stop promotions",
        "STOP PROMOTIONS",
        "Detener promociones",
        "Parar promoções",
        "Parar promocoes",
        "Interrompi promozioni",
        "Arrêter les promotions",
        "Arrêter les promos",
        "Werbung stoppen",
        "Werbeaktionen beenden",
        "Stop promoties",
        "Zatrzymaj promocje",
        "Promosyonları durdur",
        "إيقاف العروض الترويجية",
        "Остановить рекламу",
        "Остановить акции",
        "Зупинити рекламу",
        "Dejar de recibir promociones",
        "Ne plus recevoir de promotions",
        "Stop aux promotions",
        "Sair das promoções",
        "Opt out of promotions",
        "Unsubscribe from promotions",
        "Keine Angebote mehr",
        "Stoppa kampanjer",
        "Stop kampagner",
        "Lopeta mainokset",
        "Zastavit reklamy",
        "Promóciók leállítása",
        "Opriți promoțiile",
        "Διακοπή προσφορών",
        "הפסק מבצעים",
        "Hentikan promosi",
    ] {
        assert_eq!(of_text(label), Some(OptOut::Stop), "{label}");
        for kind in kinds {
            let tapped = of_button(kind, label, Some("x"));
            assert_eq!(tapped, Some(OptOut::Stop), "{label}");
            let named = of_button(kind, "Tovább", Some(label));
            assert_eq!(named, Some(OptOut::Stop), "{label}");
        }
    }
    // In scripts without spaces between words, the payload may name anything.
    for label in ["プロモーションを停止", "停止推广", "프로모션 중지"] {
        assert_eq!(of_text(label), Some(OptOut::Stop), "{label}");
        let named = of_button(ChoiceKind::Button, "x", Some(label));
        assert!(named.is_some_and(OptOut::is_stop), "{label}");
    }
    let template = ChoiceKind::TemplateButton;
    for (label, payload, expected) in [
        ("Leállítás", Some("STOP_PROMOTIONS"), Some(OptOut::Stop)),
        ("Stop", None, Some(OptOut::Stop)),
        ("Leállítás", Some("STOP"), Some(OptOut::AmbiguousStop)),
        (
            "Stop the delivery",
            Some("stop"),
            Some(OptOut::AmbiguousStop),
        ),
        ("Yes", Some("start"), None),
        ("Yes", Some("yes"), None),
        ("Still need help", None, None),
    ] {
        assert_eq!(of_button(template, label, payload), expected, "{label}");
    }
}

#[test]
fn only_what_changes_something_is_heeded() {
    let mut known = conversation();
    let mut heed = |wamid: &str, body: &str| {
        let heeded = heed(&mut known, &message(wamid, body), &settings());
        (heeded, known.opted_out)
    };
    assert_eq!(heed("1", "start"), (None, false), "there was no stop");
    assert_eq!(heed("2", "stop"), (Some(OptOut::Stop), true));
    assert_eq!(
        heed("2", "stop"),
        (Some(OptOut::Stop), true),
        "the same again"
    );
    assert_eq!(heed("3", "stop"), (None, true));
    assert_eq!(heed("4", "start"), (Some(OptOut::Start), false));
    assert_eq!(heed("5", "start"), (None, false));
}

#[test]
fn nobody_answers_a_plain_wish() {
    let needs = |was_out: bool, body: &str| {
        let mut conversation = conversation();
        conversation.opted_out = was_out;
        let message = message("1", body);
        let heeded = heed(&mut conversation, &message, &settings());
        !needs_no_answer(heeded, &message, &settings())
    };
    for (was_out, body, expected) in [
        (false, "Stop", false),
        (true, "Stop", false),
        (true, "Stop promotions", false),
        (true, "Start", false),
        (false, "Start", true),
        (false, "Abmelden", true),
        (true, "Abmelden", true),
        (true, "Anmelden", true),
        (false, "Where is it", true),
    ] {
        assert_eq!(needs(was_out, body), expected, "{was_out} {body}");
    }
}

#[test]
fn the_wish_that_was_sent_last_counts_in_whatever_order_they_come() {
    let (stop, start) = ("stop", "start");
    for (order, opted_out) in [
        // Each wish with the second at which it was sent.
        (&[(stop, 10), (start, 5)][..], true),
        (&[(start, 10), (stop, 5)], false),
        (&[(stop, 5), (start, 10)], false),
        (&[(stop, 5), (stop, 20), (start, 10)], true),
        (&[(stop, 5), (start, 10), (stop, 7)], false),
        (&[(stop, 5), (start, 5)], false),
        (&[(stop, 20), (start, 10), (start, 10)], true),
    ] {
        let mut known = conversation();
        for (number, (body, second)) in order.iter().enumerate() {
            let opt_out = InboundMessage {
                sent_at: chrono::DateTime::from_timestamp(*second, 0).unwrap(),
                ..message(&number.to_string(), body)
            };
            heed(&mut known, &opt_out, &settings());
        }
        assert_eq!(known.opted_out, opted_out, "{order:?}");
    }
}
