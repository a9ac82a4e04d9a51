"use strict";
/* A finding: its row in the list, and what opens below it. */

/* Of several with one fingerprint, the first has it as its address, and the others their uid besides. */
const addresses = new Map();

function nameFindings() {
	const taken = new Set();

	for (const finding of report.findings) {
		const address = taken.has(finding.fingerprint) ? `${finding.fingerprint}-${finding.uid}` : finding.fingerprint;
		taken.add(address);
		addresses.set(finding, address);
	}
}

/* ---- Sides ---- */

/* [title, call] of each call of the finding, the one that it is about first. */
function sidesOf(finding) {
	const isFree = freeOf(finding) === finding.call;
	const other = finding.kind === "late-free" || finding.kind === "overlap" ? "In flight" : "In flight then";

	return [
		[isFree ? "The free" : "The call", finding.call],
		["The free", finding.free],
		...finding.in_flight.map(call => [other, call]),
		...finding.holders.map(holder => [`A holder, ${counted(holder.claims, "claim")}`, holder.latest]),
		...finding.children.map(child => [`Create of a ${child.class}`, child.create]),
		[finding.create?.adopted ? "First met" : "The create", finding.create],
		...finding.recent_frees.map(recent => [`A free shortly before, ${recent.handle}`, recent.free]),
	].filter(([, call]) => call);
}

function frameElement(frame, isFirst) {
	const name = frame.function ?? (frame.object ? `${base(frame.object)}+${frame.offset}` : frame.pc);
	const where = frame.file ? breakable(place(frame)) : frame.function && frame.object ? base(frame.object) : "";
	const note = frame.line_begins ? " (where the function begins)" : frame.inlined ? " (inlined)" : "";

	return make("li", {class: isFirst ? "users" : false}, make("code", {class: "function"}, name),
		make("span", {class: "where"}, where, note));
}

const MOST_FRAMES = 6; /* of C's, before they fold */

function frameList(frames, userLine) {
	const first = userLine ? frames.findIndex(frame => frame.file === userLine.file && frame.line === userLine.line) : -1;

	return make("ol", {class: "frames", start: 0}, frames.map((frame, i) => frameElement(frame, i === first)));
}

function stackElements(call) {
	const told = call.frames.length > 0 ? [frameList(call.frames, call.user_line)] : [];
	const fold = (title, frames) => make("details", {class: "fold"}, make("summary", {}, title), frameList(frames, null));

	if (call.stack.length === 0 && told.length === 0)
		return [make("p", {class: "faint"}, call.stack_gone ? "The call ended before its stack could be walked." : "No stack was kept.")];
	if (told.length > 0)
		return call.stack.length > 0 ? [...told, fold(`in C: ${counted(call.stack.length, "frame")}`, call.stack)] : told;
	const shown = frameList(call.stack.slice(0, MOST_FRAMES), call.user_line);
	const rest = call.stack.slice(MOST_FRAMES);
	return rest.length > 0 ? [shown, fold(`${counted(rest.length, "frame")} further out`, rest)] : [shown];
}

function sideNotes(call) {
	const creator = call.goroutine_created_by;

	return [
		call.run_by ? `Run by ${call.run_by}.` : null,
		creator?.file ? `Goroutine created at ${place(creator)}.` : null,
		call.test ? `In test ${call.test}${call.test_is_sure ? "" : " (a guess)"}.` : null,
		call.older_life ? "Its thread had last seen an older handle of the same value." : null,
		call.stack_cut ? "The stack was deeper than what was kept." : null,
	].filter(note => note).map(note => make("p", {class: "faint"}, note));
}

function sideElement([title, call], isFirst) {
	const line = call.user_line;
	const time = call.time_ns > 0 ? ` · ${duration(call.time_ns)}` : "";

	return make("section", {class: isFirst ? "side first" : "side"},
		make("h4", {}, make("span", {}, title), make("code", {}, call.function ?? "an unknown function")),
		make("p", {class: "thread"}, `${threadName(call.thread)}${time}`),
		line ? make("p", {class: "user-line"}, make("code", {}, line.function ?? ""), " ", make("span", {}, breakable(place(line)))) : null,
		stackElements(call), sideNotes(call));
}

/* ---- What opens ---- */

function advice(title, text, style) {
	return text ? make("div", {class: `advice ${style}`}, make("h4", {}, title), make("p", {}, text)) : null;
}

function facts(finding) {
	const processes = finding.processes.length;
	const times = finding.count === 1 ? "Once" : `${count(finding.count)} times`;
	const where = processes === 1 ? `process ${finding.processes[0].pid}` : counted(processes, "process", "processes");
	const first = duration(finding.first_ns), last = duration(finding.last_ns);
	const spread = finding.count > 1 ? `first after ${first}, last after ${last}` : `after ${first}`;
	const handle = finding.all ? "All handles of the class" : `Handle ${finding.handle}`;

	return make("p", {class: "facts"}, `${times} in ${where}, ${spread}. ${handle}. Fingerprint `,
		make("a", {href: `#${addresses.get(finding)}`, title: "A link to this finding"}, make("code", {}, finding.fingerprint)));
}

function detailElement(finding) {
	return [
		finding.suppressed ? make("p", {class: "remark"}, `Accepted: ${finding.suppressed}`) : null,
		make("p", {class: "story"}, finding.story),
		drawPicture(finding),
		advice("Fix", finding.fix, "fix"),
		make("div", {class: "sides"}, sidesOf(finding).map((side, i) => sideElement(side, i === 0))),
		make("div", {class: "advices"},
			advice(finding.prevented ? "Without the guard" : "What it means", finding.consequence, ""),
			advice("Usual cause", finding.cause, "")),
		facts(finding),
	];
}

/* ---- The row ---- */

/* "net_close shut_down a.c:12": the guarded function, and the user's */
function rowPlace(call) {
	const line = call?.user_line;

	return line ? make("span", {class: "at"}, `${line.function ?? ""} ${base(line.file)}:${line.line}`) : null;
}

function rowSide(name, call) {
	return name ? make("span", {class: "call"}, make("code", {}, name), rowPlace(call)) : null;
}

function rowCalls(finding) {
	const {holders, children} = finding;
	const other = finding.in_flight[0] ?? finding.free ?? holders[0]?.latest ?? children[0]?.create ?? finding.create;
	const hasBoth = finding.function && finding.other_function;

	return make("span", {class: "calls"}, rowSide(finding.function, finding.call ?? finding.create),
		hasBoth ? make("span", {class: "against"}, "against") : null, rowSide(finding.other_function, other));
}

function rowElement(finding) {
	const address = addresses.get(finding);
	const attributes = {type: "button", class: "head", "aria-expanded": "false", "aria-controls": `d-${address}`};
	const button = make("button", {...attributes, onclick: () => toggle(finding)},
		make("span", {class: `level ${finding.level}`}, finding.level),
		make("span", {class: "title"}, make("b", {}, finding.kind), " of ", make("b", {}, finding.class),
			finding.suppressed ? make("span", {class: "accepted"}, "accepted") : null),
		rowCalls(finding),
		make("span", {class: "times"}, finding.count > 1 ? `${count(finding.count)}×` : ""),
		finding.test ? make("span", {class: "test"}, finding.test) : null);

	return make("article", {class: "finding", id: address}, make("h3", {}, button),
		make("div", {class: "detail", id: `d-${address}`, hidden: true}));
}

function isOpen(article) {
	return !article.querySelector(".detail").hidden;
}

function setOpen(finding, article, open) {
	const detail = article.querySelector(".detail");

	if (open && !detail.firstChild)
		detail.append(...detailElement(finding).flat().filter(element => element));
	detail.hidden = !open;
	article.classList.toggle("open", open);
	article.querySelector(".head").setAttribute("aria-expanded", String(open));
}

function toggle(finding) {
	const article = document.getElementById(addresses.get(finding));

	setOpen(finding, article, !isOpen(article));
	history.replaceState(null, "", isOpen(article) ? `#${article.id}` : filterAddress());
}
