// Draws the OpenAPI document of this server. No library, no other server; text is never read as HTML.
"use strict";

const byId = (id) => document.getElementById(id);

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// The two marks our descriptions use: `code` and **strong**.
function marked(text) {
  return (text ?? "").split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
    if (part.startsWith("`")) return make("code", {}, part.slice(1, -1));
    if (part.startsWith("**")) return make("strong", {}, part.slice(2, -2));
    return part;
  });
}

function typeOf(schema) {
  if (!schema) return "";
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    return make("a", { href: `#schema-${name}` }, name);
  }
  if (schema.enum) return schema.enum.map((one) => `"${one}"`).join(" | ");
  const choices = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choices) {
    const span = make("span");
    choices.forEach((choice, index) => span.append(index ? " | " : "", typeOf(choice)));
    return span;
  }
  if (schema.items) return make("span", {}, "list of ", typeOf(schema.items));
  if (schema.properties) return `{ ${Object.keys(schema.properties).join(", ")} }`;
  if (schema.additionalProperties) return make("span", {}, "names to ", typeOf(schema.additionalProperties));
  const type = [schema.type ?? "any"].flat().join(" | ");
  return schema.format ? `${type} (${schema.format})` : type;
}

function table(rows) {
  const body = make("tbody");
  for (const cells of rows) body.append(make("tr", {}, ...cells.map((cell) => make("td", {}, ...[cell].flat()))));
  return make("div", { class: "scroll" }, make("table", {}, body));
}

const json = (value) => make("pre", {}, JSON.stringify(value, null, 2));

function properties(schema) {
  const required = schema.required ?? [];
  return table(Object.entries(schema.properties).map(([name, property]) => [
    [make("code", {}, name), required.includes(name) ? "" : " optional"], typeOf(property), marked(property.description),
  ]));
}

function contents(holder) {
  return Object.entries(holder?.content ?? {}).flatMap(([type, { schema, example }]) => [
    make("p", {}, make("code", {}, type), " ", typeOf(schema)),
    ...(example === undefined ? [] : [json(example)]),
  ]);
}

async function ask(path, fields, answer) {
  let address = path;
  const query = new URLSearchParams();
  for (const { parameter, input } of fields) {
    if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value) query.set(parameter.name, input.value);
  }
  const token = byId("token").value.trim();
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  answer.hidden = false;
  answer.textContent = "…";
  try {
    const response = await fetch(query.size ? `${address}?${query}` : address, { headers });
    const text = await response.text();
    const shown = (response.headers.get("content-type") ?? "").includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
    const names = ["etag", "fanal-position", "x-request-id"].filter((name) => response.headers.has(name));
    const head = names.map((name) => `${name}: ${response.headers.get(name)}\n`).join("");
    answer.textContent = `${response.status} ${response.statusText}\n${head}\n${shown}`;
  } catch (error) {
    answer.textContent = `No answer: ${error.message}`;
  }
}

// A GET can be tried from here; what it answers is shown as text.
function tryOut(path, parameters) {
  const fields = parameters.filter((parameter) => parameter.in !== "header").map((parameter) => {
    const input = make("input", { placeholder: parameter.required ? "required" : "" });
    return { parameter, input, label: make("label", {}, parameter.name, input) };
  });
  const answer = make("pre", { hidden: "", "aria-live": "polite" });
  const button = make("button", { type: "button" }, "Send");
  button.addEventListener("click", () => ask(path, fields, answer));
  return [make("h4", {}, "Try it"), make("div", { class: "try" }, ...fields.map(({ label }) => label), button), answer];
}

function operation(path, verb, spec, shared) {
  const role = spec.security?.[0]?.bearer?.[0];
  const parameters = spec.parameters ?? [];
  const inside = make("div", {}, make("p", {}, ...marked(spec.description)));
  if (parameters.length) {
    inside.append(make("h4", {}, "Parameters"), table(parameters.map((one) => [
      [make("code", {}, one.name), ` ${one.in}${one.required ? "" : ", optional"}`], typeOf(one.schema), marked(one.description),
    ])));
  }
  if (spec.requestBody) inside.append(make("h4", {}, "Body"), ...contents(spec.requestBody));
  inside.append(make("h4", {}, "Answers"));
  for (const [status, answer] of Object.entries(spec.responses)) {
    const response = answer.$ref ? shared[answer.$ref.split("/").pop()] : answer;
    inside.append(make("p", {}, make("code", {}, status), " ", ...marked(response.description)));
    if (status < "300") inside.append(...contents(response));
  }
  if (verb === "get" && !spec.operationId.startsWith("stream_")) inside.append(...tryOut(path, parameters));
  const element = make("details", { id: spec.operationId }, make("summary", {},
    make("span", { class: `verb ${verb}` }, verb.toUpperCase()), make("code", {}, path),
    role ? make("span", { class: "role" }, role) : null, make("span", { class: "said" }, ...marked(spec.summary))), inside);
  const words = [path, verb, role, spec.summary, spec.operationId, ...Object.keys(spec.responses)];
  element.dataset.words = words.join(" ").toLowerCase();
  return element;
}

function drawOperations({ tags, paths, components: { responses: shared } }) {
  const groups = new Map(tags.map(({ name }) => [name, []]));
  for (const [path, verbs] of Object.entries(paths)) {
    for (const [verb, one] of Object.entries(verbs)) {
      const tag = one.tags?.[0] ?? "other";
      groups.set(tag, [...(groups.get(tag) ?? []), { path, verb, one }]);
    }
  }
  const about = new Map(tags.map(({ name, description }) => [name, description]));
  for (const [tag, list] of groups) {
    if (!list.length) continue;
    byId("operations").append(make("h2", {}, tag), make("p", { class: "said" }, about.get(tag) ?? ""));
    byId("nav").append(make("h3", {}, tag));
    for (const { path, verb, one } of list) {
      byId("operations").append(operation(path, verb, one, shared));
      byId("nav").append(make("a", { href: `#${one.operationId}` }, one.operationId.replaceAll("_", " ")));
    }
  }
}

function draw(spec, problems) {
  byId("version").textContent = spec.info.version;
  for (const line of spec.info.description.split("\n")) byId("about").append(make("p", {}, ...marked(line)));
  drawOperations(spec);
  for (const { code, status, title, remedy } of problems) {
    byId("problems").querySelector("tbody").append(make("tr", { id: `problem-${code}` }, make("td", {}, make("code", {}, code)),
      make("td", {}, String(status)), make("td", {}, title), make("td", {}, ...marked(remedy))));
  }
  for (const [name, schema] of Object.entries(spec.components.schemas)) {
    byId("schemas").append(make("details", { id: `schema-${name}` },
      make("summary", {}, make("code", {}, name), make("span", { class: "said" }, ...marked(schema.description))),
      make("div", {}, schema.properties ? properties(schema) : make("p", {}, typeOf(schema)),
        schema.example === undefined ? null : json(schema.example))));
  }
}

function openTarget() {
  const target = byId(decodeURIComponent(location.hash.slice(1)));
  if (target?.tagName === "DETAILS") target.open = true;
  target?.scrollIntoView();
}

byId("filter").addEventListener("input", ({ target }) => {
  const words = target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const element of byId("operations").querySelectorAll("details")) {
    element.hidden = !words.every((word) => element.dataset.words.includes(word));
  }
});
addEventListener("hashchange", openTarget);

Promise.all(["/openapi.json", "/docs/problems.json"].map((path) => fetch(path).then((response) => response.json())))
  .then(([spec, problems]) => { draw(spec, problems); openTarget(); })
  .catch((error) => { byId("failure").hidden = false; byId("failure").textContent = `The document could not be drawn: ${error.message}`; });
