"use strict";
/* The headline, and the run in numbers. */

function tile(number, words, style = "") {
	return make("div", {class: `tile ${style}`}, make("b", {}, number), make("span", {}, words));
}

function levelTiles() {
	return [["error", "errors"], ["warning", "warnings"], ["note", "notes"]].map(([level, many]) => {
		const number = report.findings.filter(finding => finding.level === level && !finding.suppressed).length;
		return tile(count(number), number === 1 ? level : many, number > 0 ? level : "none");
	});
}

function sum(list, key) {
	return list.reduce((whole, each) => whole + each[key], 0);
}

function runTiles(together) {
	const called = together.coverage.filter(each => each.calls > 0).length;

	return [
		tile(count(together.calls), "guarded calls", together.calls > 0 ? "" : "error"),
		tile(`${count(called)} of ${count(together.coverage.length)}`, "functions called"),
		tile(count(sum(together.handles, "created") + sum(together.handles, "adopted")), "handles"),
		report.recordings.length > 1 ? tile(count(report.recordings.length), "processes") : null,
	];
}

/* What must not be overlooked beside a low number of findings. */
function remarks() {
	const together = report.together;
	const died = report.recordings.filter(recording => ["signal", "unknown"].includes(recording.ended.how)).length;
	const unguarded = report.unguarded.length + report.unguarded_unlisted;
	const why = together?.why_uncovered ? `: ${together.why_uncovered}` : "";

	return [
		report.nothing_covered && report.recordings.length === 0 ? `Nothing was covered: ${report.nothing_covered}` : null,
		together?.calls === 0 ? `Not one call was guarded, so that no findings mean nothing${why}.` : null,
		died > 1 ? `${counted(died, "process", "processes")} did not end well; see below.` : null,
		unguarded > 0 ? `${counted(unguarded, "program")} ran without guards; see below.` : null,
	].filter(text => text).map(text => make("p", {class: "remark"}, text));
}

function title() {
	const headline = report.headline.replace(/^handleguard: /, "");

	return headline ? headline[0].toUpperCase() + headline.slice(1) : "No recording";
}

function startOverview() {
	const [first, ...others] = report.recordings;
	const more = others.length > 0 ? `, and ${counted(others.length, "process", "processes")} more` : "";

	document.title = `${title()} · handleguard`;
	document.getElementById("overview").append(...[
		make("h1", {}, title()),
		first ? make("p", {class: "faint"}, make("code", {}, first.command.join(" ")), `${more} · ${when(first.started_realtime_ns)}`) : null,
		make("div", {class: "tiles"}, levelTiles(), report.together ? runTiles(report.together) : null),
		...remarks(),
	].filter(each => each));
}
