import t from "tap";
import { html, jsonInScript } from "../../src/report/html.js";

t.test("what is put into a template is text, in elements as in attributes", async (t) => {
  const hostile = `"><script>alert('1')</script>&amp;`;
  const safe = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;";
  t.equal(String(html`<a title="${hostile}">${hostile}</a>`), `<a title="${safe}">${safe}</a>`);
  t.equal(String(html`${1.5} of ${"<b>"}`), "1.5 of &lt;b&gt;");
});

t.test("templates nest as they are, alone or many", async (t) => {
  const items = ["a", "<"].map((item) => html`<li>${item}</li>`);
  t.equal(String(html`<ul>${items}</ul>${html`<hr>`}${[]}`), "<ul><li>a</li><li>&lt;</li></ul><hr>");
});

t.test("JSON in a script element cannot end it, and stays the same data", async (t) => {
  const data = { name: "</script><!--<script>", list: [1, "<"] };
  const text = String(jsonInScript(data));
  t.notMatch(text, /</);
  t.same(JSON.parse(text), data);
});
