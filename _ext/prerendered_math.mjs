// Render formulas with KaTeX: [[latex, isDisplay], ...] on stdin, [{html} or {error}, ...] on stdout.
import { readFileSync } from "node:fs";
import katex from "katex";

const formulas = JSON.parse(readFileSync(0, "utf8"));
const rendered = formulas.map(([latex, displayMode]) => {
  try {
    return { html: katex.renderToString(latex, { displayMode, strict: "error" }) };
  } catch (error) {
    return { error: error.message };
  }
});
process.stdout.write(JSON.stringify(rendered));
