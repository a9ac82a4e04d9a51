"use strict";
/* What was guarded, so that silence can be told from blindness: classes of handles, and each guarded function. */

/* [title, class of the cell or null] for each column; rows of cells. */
function table(columns, rows) {
	return make("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": columns[0][0]}, make("table", {},
		make("thead", {}, make("tr", {}, columns.map(([name, style]) => make("th", {scope: "col", class: style}, name)))),
		make("tbody", {}, rows.map(cells => make("tr", {}, cells.map((cell, i) => make("td", {class: columns[i][1]}, cell)))))));
}

const REACH = {
	"called": () => "called",
	"never-called": () => "never called",
	"unknown": () => "never called",
	"not-loaded": () => "in no library of the process",
	"absent": each => `missing in ${base(each.object ?? "")}, which the manifest is for`,
	"linked-in": each => `linked into ${base(each.object ?? "")}: its calls are not seen`,
	"passed-by": each => `used only inside ${base(each.object ?? "")} (-Bsymbolic): not seen`,
	"in-executable": () => "defined in the program itself: its calls are not seen",
};

function reachElement(each) {
	const unseen = ["linked-in", "passed-by", "in-executable"].includes(each.reach);
	const style = each.calls > 0 ? "reach called" : unseen ? "reach unseen" : "reach";

	return make("span", {class: style}, (REACH[each.reach] ?? REACH.unknown)(each));
}

function classesTable(handles) {
	const used = handles.filter(each => each.created + each.adopted + each.freed + each.leaked > 0);
	const numbers = ["Created", "Met later", "Freed", "Leaked", "Alive at the end"];
	const columns = [["Class", null], ...numbers.map(name => [name, "number"])];

	if (used.length === 0)
		return make("p", {class: "faint"}, "Not one handle was met.");
	return table(columns, used.map(each =>
		[each.class, ...[each.created, each.adopted, each.freed, each.leaked, each.live].map(count)]));
}

function functionsTable(functions) {
	const columns = [["Function", null], ["Role", null], ["Calls", "number"], ["Seen", null]];

	return table(columns, functions.map(each =>
		[make("code", {}, each.function), `${each.role} ${each.class ?? ""}`, count(each.calls), reachElement(each)]));
}

/* The functions of a manifest, those that were called first. */
function manifestElement([manifest, functions], isOnly) {
	const called = functions.filter(each => each.calls > 0).length;
	const sorted = [...functions].sort((one, other) => other.calls - one.calls);
	const meter = make("span", {class: "meter", "aria-hidden": "true"}, make("i", {style: {width: `${100 * called / functions.length}%`}}));

	return make("details", {class: "block", open: isOnly && functions.length <= 20},
		make("summary", {}, make("b", {}, manifest || "guards of the program's own"),
			` ${count(called)} of ${counted(functions.length, "function")} called`, meter),
		functionsTable(sorted));
}

function startCoverage() {
	const section = document.getElementById("coverage");
	const together = report.together;

	if (!together) {
		section.append(make("p", {class: "faint"}, report.nothing_covered ?? "There is no recording."));
		return;
	}
	const manifests = new Map();
	for (const each of together.coverage)
		manifests.set(each.manifest, [...(manifests.get(each.manifest) ?? []), each]);
	section.append(classesTable(together.handles), ...[...manifests].map(each => manifestElement(each, manifests.size === 1)));
}
