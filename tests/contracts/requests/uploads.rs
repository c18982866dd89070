use super::*;

fn uploaded(asked: &str, parts: &[Value]) -> Value {
    let mut entry = recorded(asked, &Value::Null);
    entry["content_type"] = json!("multipart/form-data; boundary=x");
    entry["form"] = json!(parts);
    entry
}

#[test]
fn the_parts_of_an_upload_are_judged() {
    let text = |name: &str, value: &str| json!({"name": name, "value": value});
    let file = json!({"name": "file", "filename": "a.png", "content_type": "image/png"});
    let product = text("messaging_product", "whatsapp");
    let kind = text("type", "image/png");
    let bare = json!({"name": "file", "filename": ""});
    let other = json!({"name": "picture", "filename": "a.png", "content_type": "image/png"});
    for (asked, parts, expected) in [
        (ATTACHMENT, vec![&file], None),
        (MEDIA, vec![&product, &kind, &file], None),
        (MEDIA, vec![&kind, &file], Some("'messaging_product'")),
        (MEDIA, vec![&product, &file], Some("'type'")),
        (MEDIA, vec![&product, &kind], Some("'file'")),
        (
            MEDIA,
            vec![&product, &kind, &file, &text("caption", "a")],
            Some("'caption' not allowed"),
        ),
        (
            MEDIA,
            vec![&product, &text("type", "picture"), &file],
            Some("at '/type'"),
        ),
        (ATTACHMENT, vec![&other], Some("'file'")),
        (ATTACHMENT, vec![&bare], Some("part file has no filename")),
        (
            ATTACHMENT,
            vec![&bare],
            Some("part file has no content_type"),
        ),
        (
            ATTACHMENT,
            vec![&file, &file],
            Some("part file comes twice"),
        ),
    ] {
        let parts: Vec<_> = parts.into_iter().cloned().collect();
        let Some(found) = breaches(&uploaded(asked, &parts)) else {
            return;
        };
        let told = found.join("\n");
        match expected {
            None => assert_eq!(told, "", "{parts:?}"),
            Some(expected) => assert!(told.contains(expected), "{parts:?}: {told:?}"),
        }
    }
}
