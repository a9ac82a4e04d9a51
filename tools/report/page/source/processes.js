"use strict";
/* The processes of the run: how each ended, in which calls, and what of it was not seen. */

function inFlightElement(op) {
	const handles = op.handles.length > 0 ? ` of ${op.class} ${op.handles.join(", ")}` : "";

	return make("li", {}, make("code", {}, op.function ?? "an unknown function"), `${handles} in ${threadName(op.thread)}`,
		frameList(op.stack, null));
}

function inFlightList(recording) {
	const title = recording.ended.how === "running" ? "In these calls now" : "It was in these calls";

	return recording.in_flight.length === 0 ? null : make("div", {}, make("h4", {}, title),
		make("ul", {class: "plain"}, recording.in_flight.map(inFlightElement)));
}

/* What was given up on the way, by reason. */
function countersElement(counters) {
	const rows = Object.entries(counters).filter(([, number]) => number > 0);
	const told = rows.map(([name, number]) => make("li", {}, make("code", {}, name), ` ${count(number)}`,
		report.counters[name] ? `: ${report.counters[name]}` : ""));

	return rows.length === 0 ? null : make("div", {}, make("h4", {}, "Counted on the way"), make("ul", {class: "plain"}, told));
}

function processDetail(recording) {
	return [
		make("dl", {}, [
			["Command", make("code", {}, recording.command.join(" "))],
			["Program", breakable(recording.executable || "unknown")],
			["Recording", breakable(recording.file)],
			["Mode", `${recording.mode}, drain ${recording.drain}, deadline ${duration(recording.deadline_ns)}, fence ${recording.fence}`],
			["Parent", String(recording.parent_pid)],
		].map(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
		inFlightList(recording),
		countersElement(recording.counters),
	].filter(each => each);
}

function processElement(recording) {
	const bad = recording.ended.how === "signal" || recording.ended.how === "unknown";
	const details = make("details", {class: "block"},
		make("summary", {}, make("b", {}, `${base(recording.executable) || "unknown"} ${recording.pid}`),
			make("span", {class: bad ? "ending bad" : "ending"}, recording.ended.text),
			make("span", {class: "faint"}, `${counted(recording.calls, "call")} · ${when(recording.started_realtime_ns)}`)));

	details.addEventListener("toggle", () => details.childElementCount === 1 && details.append(...processDetail(recording)));
	details.open = report.recordings.length === 1;
	return details;
}

/* Rows come as they are asked for: a folder can have thousands of recordings. */
function appendProcesses(section, from) {
	const end = Math.min(from + CHUNK, report.recordings.length);
	const rest = report.recordings.length - end;

	section.append(...report.recordings.slice(from, end).map(processElement));
	if (rest === 0)
		return;
	const more = make("button", {type: "button", class: "more", onclick: () => {
		more.remove();
		appendProcesses(section, end);
	}}, `Show more of ${count(rest)}`);
	section.append(more);
}

function unseenElement() {
	const lines = report.unguarded.map(launch => launch.text);

	if (report.unguarded_unlisted > 0)
		lines.push(`${counted(report.unguarded_unlisted, "more such program")}.`);
	if (report.unrecorded > 0)
		lines.push(`${counted(report.unrecorded, "process", "processes")} could make no recording, so that nothing is known of them.`);
	return lines.length === 0 ? null : make("div", {class: "unseen"}, make("h3", {}, "Not seen"),
		make("ul", {class: "plain"}, lines.map(line => make("li", {}, line))));
}

function startProcesses() {
	const section = document.getElementById("processes");
	const list = make("div");

	section.append(list, unseenElement() ?? "");
	if (report.recordings.length === 0)
		list.append(make("p", {class: "faint"}, "There is no recording."));
	appendProcesses(list, 0);
	document.getElementById("foot").textContent = `Told by handleguard ${report.version}.`;
}
