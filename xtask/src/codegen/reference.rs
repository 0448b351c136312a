//! The page that says which operation is supported, and how it differs from AWS.

use super::model::{Model, Operation};

pub(super) fn page(model: &Model) -> String {
    let supported = model
        .operations
        .iter()
        .filter(|operation| operation.supported)
        .count();
    let mut text = format!(
        "# API coverage\n\n\
         Generated from `core/api/model` by `cargo xtask bless`.\n\n\
         {supported} of {} operations of the GameLift API (version 2015-10-01) are supported, by name and in both\n\
         protocols (AWS JSON 1.1 and Smithy RPC v2 CBOR). A request to one that is not gets an answer too: lists are empty,\n\
         single things are not found (`NotFoundException`), and anything else is an `InvalidRequestException` that names the\n\
         operation.\n\n\
         | operation | supported | differences from AWS |\n|---|---|---|\n",
        model.operations.len()
    );
    for operation in &model.operations {
        let yes = if operation.supported { "yes" } else { "no" };
        text.push_str(&format!(
            "| {} | {yes} | {} |\n",
            operation.name,
            differences(operation)
        ));
    }
    text
}

fn differences(operation: &Operation) -> String {
    if operation.supported {
        return operation.differences.clone();
    }
    let answer = match operation.answer.as_str() {
        "missing" => "answers NotFoundException",
        empty if empty.starts_with("empty") => "answers an empty list",
        _ => "answers InvalidRequestException",
    };
    if operation.differences.is_empty() {
        return answer.to_owned();
    }
    format!("{}; {answer}", operation.differences)
}
