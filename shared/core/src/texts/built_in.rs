//! The texts that Casement brings along.

use super::TextKey;

/// The text of a language that Casement knows. `None`: no such language, or a text that only
/// owners have.
pub(super) fn built_in(language: &str, key: TextKey) -> Option<&'static str> {
    match language {
        "en" => english(key),
        "de" => german(key),
        "fr" => french(key),
        "es" => spanish(key),
        "pt" => portuguese(key),
        _ => None,
    }
}

pub(super) fn english(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Thank you for your message, {name}. All our agents are busy at the moment; \
             we will answer you here as soon as we can."
        }
        TextKey::DelayNoticeClosed => {
            "Thank you for your message, {name}. We are closed at the moment and \
             will answer you here as soon as we are back. We open again on {next_opening}."
        }
        TextKey::KeepOpenPrompt => {
            "You are still waiting for our answer, {name}, and we have not forgotten \
             you. WhatsApp lets us write to you only within 24 hours of your last message. Please \
             tap the button if you still need help, so that our answer can reach you here."
        }
        TextKey::KeepOpenButton => "Still need help",
        TextKey::LostFile => {
            "Your file did not reach us: it may be larger than 100 MB, or its transfer \
             failed. Please send it again in a smaller size, or tell us in words what it shows."
        }
        TextKey::OptedOut => {
            "You will get no more automatic messages from us. You can go on writing here, \
             and our agents will answer you. Send START to get automatic messages again."
        }
        TextKey::OptedIn => {
            "You will get automatic messages from us again, for example when an answer takes \
             longer. Send STOP to end them."
        }
        TextKey::OpeningFormat => "%A, %-d %B, at %H:%M",
        TextKey::TimeFormat => "%H:%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}

fn german(key: TextKey) -> Option<&'static str> {
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
        TextKey::OpeningFormat => "%A, %-d. %B, %H:%M Uhr",
        TextKey::TimeFormat => "%H:%M Uhr",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}

fn french(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Merci pour votre message, {name}. Tous nos conseillers sont occupés en ce \
             moment ; nous vous répondrons ici dès que possible."
        }
        TextKey::DelayNoticeClosed => {
            "Merci pour votre message, {name}. Nous sommes fermés en ce moment et \
             vous répondrons ici dès notre retour. Nous rouvrons le {next_opening}."
        }
        TextKey::KeepOpenPrompt => {
            "Vous attendez encore notre réponse, {name}, et nous ne vous oublions \
             pas. WhatsApp ne nous permet de vous écrire que dans les 24 heures qui suivent votre \
             dernier message. Si vous avez encore besoin d’aide, touchez le bouton pour que notre \
             réponse puisse vous parvenir ici."
        }
        TextKey::KeepOpenButton => "J’ai besoin d’aide",
        TextKey::LostFile => {
            "Votre fichier ne nous est pas parvenu : il dépasse peut-être 100 Mo, ou son \
             transfert a échoué. Veuillez l’envoyer à nouveau dans une taille plus petite, ou nous \
             écrire ce qu’il montre."
        }
        TextKey::OptedOut => {
            "Vous ne recevrez plus de messages automatiques de notre part. Vous pouvez \
             continuer à écrire ici, et nos conseillers vous répondront. Envoyez START pour \
             recevoir à nouveau des messages automatiques."
        }
        TextKey::OptedIn => {
            "Vous recevrez à nouveau des messages automatiques de notre part, par exemple \
             quand une réponse prend du temps. Envoyez STOP pour ne plus en recevoir."
        }
        TextKey::OpeningFormat => "%A %-d %B à %H:%M",
        TextKey::TimeFormat => "%H:%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}

fn spanish(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Gracias por su mensaje, {name}. En este momento todos nuestros agentes están \
             ocupados; le responderemos aquí en cuanto podamos."
        }
        TextKey::DelayNoticeClosed => {
            "Gracias por su mensaje, {name}. En este momento estamos cerrados y le \
             responderemos aquí en cuanto volvamos. Abrimos de nuevo el {next_opening}."
        }
        TextKey::KeepOpenPrompt => {
            "Sigue esperando nuestra respuesta, {name}, y no le hemos olvidado. \
             WhatsApp solo nos permite escribirle en las 24 horas siguientes a su último mensaje. Si \
             todavía necesita ayuda, toque el botón para que nuestra respuesta le llegue aquí."
        }
        TextKey::KeepOpenButton => "Aún necesito ayuda",
        TextKey::LostFile => {
            "Su archivo no nos ha llegado: quizá ocupa más de 100 MB, o falló el envío. \
             Envíelo otra vez con un tamaño menor, o escríbanos qué muestra."
        }
        TextKey::OptedOut => {
            "No recibirá más mensajes automáticos nuestros. Puede seguir escribiendo aquí, y \
             nuestros agentes le responderán. Envíe START para volver a recibir mensajes \
             automáticos."
        }
        TextKey::OptedIn => {
            "Volverá a recibir mensajes automáticos nuestros, por ejemplo cuando una \
             respuesta tarde más. Envíe STOP para dejar de recibirlos."
        }
        TextKey::OpeningFormat => "%A, %-d de %B, a las %H:%M",
        TextKey::TimeFormat => "%H:%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}

fn portuguese(key: TextKey) -> Option<&'static str> {
    Some(match key {
        TextKey::DelayNotice => {
            "Obrigado pela sua mensagem, {name}. Todos os nossos atendentes estão ocupados \
             no momento; responderemos aqui assim que possível."
        }
        TextKey::DelayNoticeClosed => {
            "Obrigado pela sua mensagem, {name}. Estamos fechados no momento e \
             responderemos aqui assim que voltarmos. Nosso próximo atendimento: {next_opening}."
        }
        TextKey::KeepOpenPrompt => {
            "Você ainda espera a nossa resposta, {name}, e não nos esquecemos de você. \
             O WhatsApp só nos permite escrever nas 24 horas após a sua última mensagem. Se ainda \
             precisa de ajuda, toque no botão para que a nossa resposta chegue aqui."
        }
        TextKey::KeepOpenButton => "Preciso de ajuda",
        TextKey::LostFile => {
            "O seu arquivo não chegou até nós: talvez tenha mais de 100 MB, ou o envio \
             falhou. Envie-o novamente em tamanho menor, ou escreva o que ele mostra."
        }
        TextKey::OptedOut => {
            "Você não receberá mais mensagens automáticas nossas. Pode continuar escrevendo \
             aqui, e os nossos atendentes responderão. Envie START para voltar a receber mensagens \
             automáticas."
        }
        TextKey::OptedIn => {
            "Você voltará a receber mensagens automáticas nossas, por exemplo quando uma \
             resposta demorar. Envie STOP para deixar de recebê-las."
        }
        TextKey::OpeningFormat => "%A, %-d de %B, às %H:%M",
        TextKey::TimeFormat => "%H:%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}
