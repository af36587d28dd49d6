"use strict";
// Reads the data block, opens a problem when its tile is clicked. Text of models is only ever set as text.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const dialog = document.getElementById("problem");
  const body = dialog.querySelector(".body");
  const title = dialog.querySelector("h2");
  let shown = 0;

  const make = (name, text, className) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const fold = (title, content, isOpen) => {
    const details = make("details");
    details.open = isOpen;
    details.append(make("summary", title), content);
    return details;
  };
  const pre = (text) => make("pre", text === "" ? "(nothing)" : text, "wrap");

  const promptOf = (row) => {
    const [text, ids, isSpelled] = data.prompts[row[2]];
    const box = make("div");
    if (!isSpelled) {
      box.append(make("p", ids
        ? "The question in the task's words: this model's tokenizer is not here to spell the tokens out."
        : "The question in the task's words: its tokens were not stored.", "soft small"));
    }
    box.append(pre(data.strings[text]));
    if (ids) box.append(fold(`${ids.split(" ").length} token ids`, pre(ids), false));
    return box;
  };

  const answerOf = (row, first) => {
    const [side, sample, , text, thought, program, how, status, detail, finish, isOpen, seed, read, written, seconds, cpu, wall, parts] = row;
    const [letter, words] = data.statuses[status] || ["w", status];
    const box = make("section");
    const head = make("h3");
    const mark = make("i", "", `m ${letter}`);
    head.append(mark, make("span", data.sides[side] + (data.samples > 1 ? `, sample ${sample}` : "")), make("span", words, `badge ${letter === "p" ? "good" : letter === "e" ? "warn" : "bad"}`));
    box.append(head);
    const facts = [`${written} tokens in ${seconds} s`, `${read} read`, `ended by ${finish || "nothing"}`, `judged in ${wall} s, ${cpu} s of CPU`];
    if (isOpen) facts.push("ended inside a thought");
    if (parts) facts.push(`passes ${parts}`);
    if (seed && data.samples > 1) facts.push(`seed ${seed}`);
    box.append(make("p", facts.join(" · "), "soft small"));
    if (data.strings[detail]) box.append(pre(data.strings[detail]));
    const said = data.strings[text];
    if (first && first[3] === text && first !== row) {
      box.append(make("p", `Word for word the answer of ${data.sides[first[0]]}${data.samples > 1 ? `, sample ${first[1]}` : ""}.`));
    } else {
      box.append(fold("Answer as written", pre(said), true));
    }
    if (data.strings[thought]) box.append(fold("Thought", pre(data.strings[thought]), false));
    const source = program === null ? null : Array.isArray(program) ? said.slice(program[0], program[1]) : data.strings[program];
    const found = data.strings[how];
    if (source === null) box.append(make("p", `Nothing was taken out of it${found ? `: ${found}` : ""}.`, "soft"));
    else box.append(fold(`What was judged${found ? ` (${found})` : ""}`, pre(source), false));
    return box;
  };

  const show = (number) => {
    shown = Math.min(Math.max(number, 0), data.problems.length - 1);
    const [id, defect, answers] = data.problems[shown];
    title.textContent = id;
    body.replaceChildren();
    if (defect) body.append(make("p", `This item itself is defective: ${defect}.`, "small"));
    const prompts = [...new Set(answers.map((row) => row[2]))];
    for (const prompt of prompts) {
      const row = answers.find((r) => r[2] === prompt);
      const who = prompts.length > 1 ? `, to ${data.sides[row[0]]}` : "";
      body.append(fold(`Prompt as sent${who}`, promptOf(row), false));
    }
    for (const row of answers) body.append(answerOf(row, answers.find((r) => r[3] === row[3])));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    history.replaceState(null, "", `#${encodeURIComponent(id)}`);
  };

  data.samples = Math.max(1, ...data.problems.map((p) => p[2].filter((row) => row[0] === 0).length));
  document.addEventListener("click", (event) => {
    const tile = event.target.closest("[data-n]");
    if (tile) show(Number(tile.dataset.n));
    const filter = event.target.closest("[data-filter]");
    if (filter) {
      for (const other of document.querySelectorAll("[data-filter]")) other.setAttribute("aria-pressed", String(other === filter));
      for (const one of document.querySelectorAll(".tile")) one.hidden = filter.dataset.filter !== "" && !one.classList.contains(filter.dataset.filter);
    }
    const step = event.target.closest("[data-step]");
    if (step) show(shown + Number(step.dataset.step));
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") show(shown + 1);
    if (event.key === "ArrowLeft") show(shown - 1);
  });
  dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));
  const wanted = decodeURIComponent(location.hash.slice(1));
  const place = data.problems.findIndex((p) => p[0] === wanted);
  if (place >= 0) show(place);
})();
