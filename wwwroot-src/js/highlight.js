import hljs from "@highlightjs/cdn-assets/es/core.min.js";
import bash from "@highlightjs/cdn-assets/es/languages/bash.min.js";
import cpp from "@highlightjs/cdn-assets/es/languages/cpp.min.js";
import csharp from "@highlightjs/cdn-assets/es/languages/csharp.min.js";
import css from "@highlightjs/cdn-assets/es/languages/css.min.js";
import go from "@highlightjs/cdn-assets/es/languages/go.min.js";
import java from "@highlightjs/cdn-assets/es/languages/java.min.js";
import javascript from "@highlightjs/cdn-assets/es/languages/javascript.min.js";
import json from "@highlightjs/cdn-assets/es/languages/json.min.js";
import php from "@highlightjs/cdn-assets/es/languages/php.min.js";
import python from "@highlightjs/cdn-assets/es/languages/python.min.js";
import ruby from "@highlightjs/cdn-assets/es/languages/ruby.min.js";
import rust from "@highlightjs/cdn-assets/es/languages/rust.min.js";
import sql from "@highlightjs/cdn-assets/es/languages/sql.min.js";
import typescript from "@highlightjs/cdn-assets/es/languages/typescript.min.js";
import xml from "@highlightjs/cdn-assets/es/languages/xml.min.js";
import yaml from "@highlightjs/cdn-assets/es/languages/yaml.min.js";

const languages = { bash, cpp, csharp, css, go, java, javascript, json, php, python, ruby, rust, sql, typescript, xml, yaml };
for (const [name, language] of Object.entries(languages)) hljs.registerLanguage(name, language);

/** Colours the code of the answers that are on the page, by classes; a language that is not known stays as it is. */
const highlight = () => {
  for (const code of document.querySelectorAll(".code code[data-language]:not([data-highlighted])")) {
    if (!hljs.getLanguage(code.dataset.language)) continue;
    code.className = `language-${code.dataset.language}`;
    hljs.highlightElement(code);
  }
};
window.answers = { ...window.answers, highlight };
highlight();
