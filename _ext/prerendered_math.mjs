// Render formulas with KaTeX: [[latex, isDisplay], ...] on stdin, [{html} or {error}, ...] on stdout.
import { readFileSync } from "node:fs";
import katex from "katex";

const formulas = JSON.parse(readFileSync(0, "utf8"));
const rendered = formulas.map(([latex, displayMode]) => {
  try {
    return { html: grouped(katex.__renderToDomTree(latex, { displayMode, strict: "error" })).toMarkup() };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(rendered));

// KaTeX writes the name of an operator as two elements, also where MathML has room for one, as in the index of
// \lambda_{\max}: a fault that Firefox tells, and shows in place of the formula where a screen reader asks for it.
function grouped(node) {
  node.children = node.children?.map((child) => {
    const whole = grouped(child);
    const loose = node.type && whole.children && !whole.type; // in MathML, what has parts has a type
    return loose ? new node.constructor("mrow", whole.children) : whole;
  });
  return node;
}
