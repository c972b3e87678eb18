// Marks functions as called at once, so that V8 compiles them together with their file. Node keeps the compiled code of a
// file in its compile cache as it is right after loading: what is compiled later is compiled again at every start, and that
// is a third of what `status` takes. V8 compiles a function at once when it stands in parentheses.
import { parse } from "acorn";
import MagicString from "magic-string";

/** `code` with the functions in parentheses whose `[start, end]` is in `ran`, as `start:end`; it does the same. */
export function compileAtOnce(code, ran) {
  const tree = parse(code, { ecmaVersion: "latest", sourceType: "script", allowHashBang: true });
  const text = new MagicString(code);
  visit(tree, [], (node, above) => {
    if (!ran.has(`${node.start}:${node.end}`)) return;
    const [parent, outer] = above;
    if (node.type === "FunctionDeclaration") asVariable(text, node, scopeOf(parent, outer));
    else if (node.type === "Property" && node.method) asFunction(text, node, code);
    else if (node.type === "ArrowFunctionExpression") asCalled(text, node, code);
    else if (node.type === "FunctionExpression" && !isPartOf(parent)) inParentheses(text, node);
  });
  return text.toString();
}

/** Nearest first. */
function visit(node, above, look) {
  look(node, above);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") visit(child, [node, ...above], look);
    }
  }
}

/** A method or an accessor is no function that could stand in parentheses. */
function isPartOf(parent) {
  return (
    parent.type === "MethodDefinition" || (parent.type === "Property" && (parent.method || parent.kind !== "init"))
  );
}

/** What a declaration is hoisted to the top of; null = it stands in a block of its own. */
function scopeOf(parent, outer) {
  if (parent.type === "Program") return parent;
  return parent.type === "BlockStatement" && /Function/.test(outer.type) ? parent : null;
}

const assignedIn = new WeakMap();

/** The names that something is assigned to anywhere within a scope; outside of it they are others. */
function namesAssignedIn(scope) {
  const known = assignedIn.get(scope);
  if (known !== undefined) return known;
  const names = new Set();
  visit(scope, [], (node) => {
    const target =
      node.type === "AssignmentExpression" ? node.left : node.type === "UpdateExpression" ? node.argument : {};
    if (target.type === "Identifier") names.add(target.name);
  });
  assignedIn.set(scope, names);
  return names;
}

/** To the top of its scope, where a declaration counts from. */
function asVariable(text, node, scope) {
  const { name } = node.id;
  if (scope === null || namesAssignedIn(scope).has(name)) return; // its own name would go on meaning what it was
  const { start } = scope.body.find((statement) => statement.directive === undefined);
  text.prependRight(node.start, `var ${name}=(`);
  text.appendLeft(node.end, ");");
  if (start !== node.start) text.move(node.start, node.end, start);
}

function asFunction(text, { start, end, key, computed, value }, code) {
  if (computed || uses(value, ["Super"])) return;
  const kind = `${value.async ? "async " : ""}function${value.generator ? "*" : ""}`;
  text.overwrite(start, value.start, `${code.slice(key.start, key.end)}:(${kind}`);
  text.appendLeft(end, ")");
}

/** V8 does not look for parentheses around an asynchronous arrow function. */
function asCalled(text, node, code) {
  if (!node.async) return inParentheses(text, node);
  if (uses(node, ["Super", "ThisExpression", "MetaProperty"]) || uses(node, ["Identifier"], "arguments")) return;
  const { start, end, params, body, expression } = node;
  const afterParams = params.at(-1)?.end ?? start + "async".length;
  const arrow = code.indexOf("=>", afterParams);
  const hasParentheses = code[start + "async".length] === "(";
  text.overwrite(start, start + "async".length, "(async function");
  if (!hasParentheses) {
    text.prependRight(params[0].start, "(");
    text.appendLeft(params[0].end, ")");
  }
  text.overwrite(arrow, arrow + "=>".length, expression ? "{return(" : "");
  text.appendLeft(expression ? end : body.end, expression ? ")})" : ")");
}

function inParentheses(text, { start, end }) {
  text.prependRight(start, "(");
  text.appendLeft(end, ")");
}

/** Whether it has such a node of its own, or one in an arrow function, which has none. */
function uses(root, types, name) {
  let isFound = false;
  const look = (node) => {
    if (types.includes(node.type) && (name === undefined || node.name === name)) isFound = true;
    if (node !== root && /^Function|^Class/.test(node.type)) return;
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value]) if (typeof child?.type === "string") look(child);
    }
  };
  look(root);
  return isFound;
}
