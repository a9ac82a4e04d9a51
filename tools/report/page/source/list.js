"use strict";
/* The list of findings: what is searched for, what is left out, and as many rows as are looked at. */

const CHUNK = 60;
const search = {words: [], kind: "", class: "", test: "", accepted: ""};
let matches = [];
let shown = 0;

/* ---- Search ---- */

/* A function of an object whose results are kept. */
function kept(make) {
	const results = new Map();

	return key => {
		if (!results.has(key))
			results.set(key, make(key));
		return results.get(key);
	};
}

const frameText = kept(frame => `${frame.function ?? ""} ${frame.file ? place(frame) : ""} ${frame.object ? base(frame.object) : ""}`);
const stackText = kept(stack => stack.map(frameText).join(" "));

/* All that a finding can be searched by, in small letters. */
const haystackOf = kept(finding => {
	const words = [finding.kind, finding.level, finding.class, finding.fingerprint, finding.handle, finding.test ?? "", finding.story];

	for (const [, call] of sidesOf(finding))
		words.push(call.function ?? "", threadName(call.thread), stackText(call.frames), stackText(call.stack));
	return words.join(" ").toLowerCase();
});

/* While nobody types. */
function prepareSearch(from = 0) {
	const end = Math.min(from + 200, report.findings.length);

	report.findings.slice(from, end).forEach(haystackOf);
	if (end < report.findings.length)
		setTimeout(prepareSearch, 0, end);
}

function isWanted(finding) {
	return (search.kind === "" || finding.kind === search.kind) && (search.class === "" || finding.class === search.class) &&
		(search.test === "" || finding.test === search.test) &&
		(search.accepted === "" || (finding.suppressed !== null) === (search.accepted === "yes")) &&
		search.words.every(word => haystackOf(finding).includes(word));
}

/* ---- Rows ---- */

function showMore() {
	const list = document.getElementById("list");
	const end = Math.min(shown + CHUNK, matches.length);

	list.append(...matches.slice(shown, end).map(rowElement));
	shown = end;
	const more = document.getElementById("more");
	more.hidden = shown >= matches.length;
	more.textContent = `Show ${count(Math.min(CHUNK, matches.length - shown))} more of ${count(matches.length - shown)}`;
}

function statusText() {
	const all = report.findings.length;

	if (all === 0)
		return "";
	return matches.length === all ? counted(all, "finding") : `${count(matches.length)} of ${counted(all, "finding")}`;
}

function showMatches() {
	const found = report.findings.filter(isWanted);

	if (shown > 0 && found.length === matches.length && found.every((finding, i) => finding === matches[i]))
		return;
	matches = found;
	shown = 0;
	document.getElementById("list").replaceChildren();
	showMore();
	document.getElementById("status").textContent = statusText();
}

/* ---- Filters ---- */

/* What is searched for, as the page's address has it. */
function filterAddress() {
	const parts = new URLSearchParams();

	for (const [name, value] of [["q", document.getElementById("search").value], ["kind", search.kind], ["class", search.class],
		["test", search.test], ["accepted", search.accepted]])
		if (value)
			parts.set(name, value);
	return parts.size > 0 ? `#?${parts}` : location.pathname + location.search;
}

function takeFilters() {
	const form = document.getElementById("filters");

	search.words = form.elements.q.value.toLowerCase().split(/\s+/).filter(word => word);
	for (const name of ["kind", "class", "test", "accepted"])
		search[name] = form.elements[name]?.value ?? "";
	showMatches();
	history.replaceState(null, "", filterAddress());
}

function setFilters(parts) {
	const form = document.getElementById("filters");

	for (const name of ["q", "kind", "class", "test", "accepted"])
		if (form.elements[name])
			form.elements[name].value = parts.get(name) ?? "";
	takeFilters();
}

/* How many findings have each value, in the order of the findings. */
function tally(key) {
	const counts = new Map();

	for (const finding of report.findings)
		if (finding[key])
			counts.set(finding[key], (counts.get(finding[key]) ?? 0) + 1);
	return [...counts];
}

function choice(name, all, options) {
	return make("label", {class: "choice"}, make("span", {}, name),
		make("select", {name, onchange: takeFilters}, make("option", {value: ""}, all),
			options.map(([value, text]) => make("option", {value}, text))));
}

function tallied(name, all) {
	const counts = tally(name);

	return counts.length > 1 || (name === "test" && counts.length > 0)
		? choice(name, all, counts.map(([value, number]) => [value, `${value} (${count(number)})`])) : null;
}

function makeFilters() {
	const accepted = report.findings.some(finding => finding.suppressed !== null);
	const form = document.getElementById("filters");

	form.addEventListener("submit", event => event.preventDefault());
	const words = {placeholder: "Search: functions, files, threads, words", "aria-label": "Search the findings"};
	form.append(...[
		make("input", {...words, type: "search", id: "search", name: "q", autocomplete: "off", spellcheck: "false", oninput: takeFilters}),
		tallied("kind", "All kinds"), tallied("class", "All classes"), tallied("test", "All tests"),
		accepted ? choice("accepted", "All", [["no", "Not accepted"], ["yes", "Accepted"]]) : null,
	].filter(each => each));
	form.hidden = report.findings.length === 0;
}

/* ---- Links ---- */

/* Shows the finding of an address, even if it is filtered out or far down. False: there is none. */
function showFinding(address) {
	const finding = report.findings.find(each => addresses.get(each) === address);

	if (!finding)
		return false;
	if (!matches.includes(finding))
		setFilters(new URLSearchParams());
	while (!document.getElementById(address))
		showMore();
	const article = document.getElementById(address);
	setOpen(finding, article, true);
	article.scrollIntoView({block: "start"});
	article.querySelector(".head").focus({preventScroll: true});
	history.replaceState(null, "", `#${address}`);
	return true;
}

/* "#fingerprint" or "#?kind=..." */
function followAddress() {
	const address = decodeURIComponent(location.hash.slice(1));

	if (address.startsWith("?"))
		setFilters(new URLSearchParams(location.hash.slice(2)));
	else
		showFinding(address);
}

/* ---- Keys ---- */

function moveFocus(step) {
	const heads = [...document.querySelectorAll(".finding .head")];
	const at = heads.indexOf(document.activeElement);
	const next = heads[at < 0 ? 0 : Math.min(Math.max(at + step, 0), heads.length - 1)];

	if (at + step >= heads.length - 1 && shown < matches.length)
		showMore();
	next?.focus();
}

function takeKey(event) {
	const input = document.getElementById("search");
	const typing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);

	if (event.ctrlKey || event.metaKey || event.altKey)
		return;
	if (event.key === "Escape" && event.target === input) {
		input.value = "";
		takeFilters();
	} else if (event.key === "ArrowDown" && event.target === input) {
		moveFocus(1);
	} else if (!typing && event.key === "/") {
		input.focus();
	} else if (!typing && event.key === "j") {
		moveFocus(1);
	} else if (!typing && event.key === "k") {
		moveFocus(-1);
	} else {
		return;
	}
	event.preventDefault();
}

/* What is printed is not cut short, unless it were a book. */
const MOST_PRINTED = 2000, MOST_OPENED = 40;

function preparePrint() {
	while (shown < Math.min(matches.length, MOST_PRINTED))
		showMore();
	if (matches.length <= MOST_OPENED)
		matches.forEach(finding => setOpen(finding, document.getElementById(addresses.get(finding)), true));
}

function startList() {
	nameFindings();
	makeFilters();
	showMatches();
	const more = document.getElementById("more");
	more.addEventListener("click", showMore);
	new IntersectionObserver(entries => entries.some(entry => entry.isIntersecting) && showMore(), {rootMargin: "600px"}).observe(more);
	addEventListener("hashchange", followAddress);
	addEventListener("keydown", takeKey);
	addEventListener("beforeprint", preparePrint);
	followAddress();
	if (report.findings.length > 0 && report.findings.length <= 3 && location.hash === "")
		report.findings.forEach(finding => setOpen(finding, document.getElementById(addresses.get(finding)), true));
}
