//! Spanish.

use super::TextKey;
use super::{BuiltIn, Promotions, Thanks};

pub(super) const SPANISH: BuiltIn = BuiltIn {
    codes: &["es"],
    text,
    stop: &[
        "stop",
        "parar",
        "pare",
        "paren",
        "baja",
        "alto",
        "detener",
        "detener mensajes",
        "no más mensajes",
        "no mas mensajes por favor",
        "no quiero más mensajes",
        "no quiero recibir más mensajes",
        "no quiero recibir mensajes",
        "no enviar más",
        "no enviar más mensajes",
        "no me envíen más mensajes",
        "no me envíe más mensajes",
        "no me manden más mensajes",
        "no más promociones",
        "no más publicidad",
        "no quiero promociones",
        "no quiero publicidad",
        "no recibir promociones",
        "no recibir más promociones",
    ],
    ambiguous_stop: &[
        "darme de baja",
        "darse de baja",
        "dar de baja",
        "dame de baja",
        "denme de baja",
        "deme de baja",
        "quiero darme de baja",
        "quiero dar de baja",
        "cancelar suscripción",
        "cancelar la suscripción",
        "cancelar mi suscripción",
        "anular suscripción",
        "desuscribir",
        "desuscribirme",
        "desuscribirse",
        "desinscribirme",
        "no más",
    ],
    start: &[
        "start",
        "iniciar",
        "reanudar",
        "reanudar mensajes",
        "reanudar promociones",
    ],
    ambiguous_start: &[
        "alta",
        "darme de alta",
        "dar de alta",
        "suscribirme",
        "suscribir",
    ],
    promotions: Promotions {
        stop: "detener dejar detengan parar paren stop cancelar desactivar bloquear",
        what: "promociones promoción promos promo publicidad ofertas anuncios marketing newsletter",
        between: "las la los el todas todos de por favor sus recibir mensajes",
    },
    thanks: Thanks {
        core: "gracias grasias gracia grax grcs graciass agradezco agradecemos agradecido \
               agradecida agradecidos amable amables thx",
        around: "muchas muchísimas mil un una muy mucho de verdad todo toda le lo os les te se a ti \
               usted ustedes vosotros y que tenga tengas tengan buen bueno buena buenas feliz lindo \
               linda excelente día tarde tardes noche noches fin semana finde perfecto perfecta \
               genial estupendo fenomenal magnífico recibido entendido solucionado resuelto \
               funciona funcionó ya igualmente nuevamente también adiós saludos saludo abrazo bien chao \
               bendiciones señor señora señorita equipo tan",
        for_what: "por",
        what_for: "su sus tu tus vuestra la el las los tan ayuda ayudarme ayudar atención respuesta \
               responder contestar rapidez rápida info información apoyo servicio soporte tiempo \
               paciencia amabilidad gestión avisar aviso molestia molestias",
        agreed: &[
            "vale",
            "de acuerdo",
            "entendido",
            "perfecto",
            "genial",
            "está bien",
            "muy bien",
            "estupendo",
            "recibido",
            "todo bien",
        ],
    },
};

fn text(key: TextKey) -> Option<&'static str> {
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
        TextKey::PhoneQuestion => {
            "Para ayudarle, {name}, necesitamos su número de teléfono. Toque el botón para \
             compartirlo con nosotros."
        }
        TextKey::OpeningFormat => "%A %-d de %B a las %-H:%M",
        TextKey::TimeFormat => "%-H:%M",
        TextKey::FirstContact | TextKey::FirstContactClosed => return None,
    })
}
