"use strict";
/* What is drawn of a finding: lanes, one for the handle and one for each thread, and what happened in them.
 *
 * Times are as the recording has them. */

/* Where it has none: before all others, or after. */
const BEFORE = -Infinity, AFTER = Infinity;

/* How long the call waited is known unless it still waits, or the process ended before. */
function waitEnds(finding, call) {
	return finding.drain_ns > 0 ? call.time_ns + finding.drain_ns : AFTER;
}

function birthOf(finding) {
	return finding.create && !finding.create.adopted ? finding.create.time_ns : BEFORE;
}

/* The free that others raced with, and the call that came too late or in the middle. */
function freeOf(finding) {
	const isFree = ["late-free", "drain-timeout", "reentrant-free", "orphan", "severed"].includes(finding.kind);

	return finding.free ?? (isFree ? finding.call : null);
}

function mark(call, style, text) {
	return {thread: call.thread, from: call.time_ns, to: call.time_ns, style, text};
}

function bar(call, style, text, from, to) {
	return {thread: call.thread, from, to, style, text};
}

/* An op in flight: the recording does not say since when, but not before its handle was there. It had left when the free's
 * wait was over. */
function opBars(finding, free) {
	const born = birthOf(finding);
	const waited = finding.serialised || (free && free === finding.call && finding.kind !== "drain-timeout");
	const end = waited ? waitEnds(finding, finding.call) : AFTER;

	return finding.in_flight.map(call => ({
		...bar(call, "op", call.function, call.time_ns > 0 ? call.time_ns : born, end), isSince: call.time_ns === 0}));
}

function freeMarks(finding, free) {
	if (!free)
		return [];
	const waits = finding.drain_ns > 0 || (finding.unfinished && !finding.deferred && finding.in_flight.length > 0);
	if (free !== finding.call || !waits)
		return [mark(free, finding.withheld || finding.leaked ? "refused" : "free", free.function)];
	const end = waitEnds(finding, free);
	const after = finding.kind === "drain-timeout" ? {style: "refused", text: "gives up"} : {style: "free", text: "freed"};
	return [bar(free, "wait", `${free.function} waits`, free.time_ns, end),
		...end === AFTER ? [] : [{thread: free.thread, from: end, to: end, ...after}]];
}

/* The call that the finding is about, unless it is the free that has been drawn. */
function callMarks(finding, free) {
	const call = finding.call;

	if (!call || call === free)
		return [];
	if (finding.serialised)
		return [bar(call, "wait", `${call.function} waits`, call.time_ns, waitEnds(finding, call)),
			...finding.drain_ns > 0 ? [bar(call, "op", call.function, waitEnds(finding, call), AFTER)] : []];
	if (finding.kind === "overlap" || finding.kind === "unwound" || finding.kind === "abandoned")
		return [bar(call, "bad", call.function, call.time_ns, AFTER)];
	return [mark(call, finding.prevented ? "refused" : "bad", call.function)];
}

const MOST_DRAWN = 8; /* of children, holders and frees before; all of them stand among the sides */

function otherMarks(finding) {
	return [
		...finding.children.slice(0, MOST_DRAWN).map(child => mark(child.create, "create", `${child.create.function} (${child.class})`)),
		...finding.recent_frees.slice(0, MOST_DRAWN).map(recent => mark(recent.free, "free", recent.free.function)),
		...finding.holders.slice(0, MOST_DRAWN).map(holder => bar(holder.latest, "op", holder.latest.function, holder.latest.time_ns, AFTER)),
	];
}

/* The handle's own life: from its create to its free. */
function lifeBars(finding, free) {
	if (finding.all || finding.kind === "stray" || finding.kind === "null-op")
		return [];
	const born = birthOf(finding);
	if (!free || finding.withheld || finding.leaked || finding.kind === "drain-timeout")
		return [{from: born, to: AFTER, style: "life", text: "alive"}];
	const end = free === finding.call && finding.drain_ns > 0 ? waitEnds(finding, free)
		: free === finding.call && finding.in_flight.length > 0 ? AFTER : free.time_ns;
	const how = finding.kind === "orphan" && free !== finding.call ? "its parent is freed" : "freed";
	const gone = end === AFTER ? [] : [{from: end, to: AFTER, style: "gone", text: how}];
	return [{from: born, to: end, style: "life", text: "alive"}, ...gone];
}

/* {lanes: [{name, title, items}], times, zero} */
function pictureOf(finding) {
	const free = freeOf(finding);
	const isKnown = finding.create && !(finding.create.adopted && finding.create.time_ns === finding.call?.time_ns);
	const create = isKnown ? [mark(finding.create, finding.create.adopted ? "met" : "create", finding.create.function)] : [];
	const items = [...create, ...opBars(finding, free), ...freeMarks(finding, free), ...callMarks(finding, free), ...otherMarks(finding)];
	const threads = new Map();

	for (const item of items) {
		const lane = threads.get(item.thread.id) ?? {name: item.thread.name || "thread", note: String(item.thread.id), items: []};
		threads.set(item.thread.id, lane);
		lane.items.push(item);
	}
	const life = lifeBars(finding, free);
	const lanes = [...threads.values()];
	if (life.length > 0)
		lanes.unshift({name: finding.class, note: finding.handle, items: life, isHandle: true});
	const times = lanes.flatMap(lane => lane.items.flatMap(item => [item.from, item.to])).filter(Number.isFinite);
	return {lanes, times: [...new Set(times)].sort((one, other) => one - other), zero: (finding.call ?? finding.create)?.time_ns};
}
