"use strict";
/* A picture as elements. Time runs to the right, but not to scale: waits of microseconds and lives of minutes must both be
 * seen, so that a gap gets room by its order of magnitude. Places are shares of the width, and it fits any. */

const EDGE = 0.9, SMALL_EDGE = 0.2; /* room before the first time and after the last; a gap has 1 or more */

/* From a time to its place, 0 to 100. */
function scaleOf({times, lanes}) {
	const left = lanes.some(lane => lane.items.some(item => item.from === BEFORE)) ? EDGE : SMALL_EDGE;
	const gaps = times.slice(1).map((time, i) => time - times[i]);
	const least = Math.min(...gaps);
	const room = gaps.map(gap => 1 + 0.2 * Math.log10(gap / least));
	const whole = left + EDGE + room.reduce((sum, each) => sum + each, 0);
	const places = new Map();
	let at = left;

	times.forEach((time, i) => {
		places.set(time, 100 * at / whole);
		at += room[i] ?? 0;
	});
	return time => time === BEFORE ? 0 : time === AFTER ? 100 : places.get(time);
}

const isPoint = item => item.from === item.to;

/* The words of a point stand to its right, or to its left if there is no room. */
const isToLeft = (item, scale) => scale(item.from) > 62 && item.text.length > 8;

/* What an item covers, with its words: [from, to]. */
function extent(item, scale) {
	const from = scale(item.from), words = 28;

	return !isPoint(item) ? [from, scale(item.to)] : isToLeft(item, scale) ? [from - words, from] : [from, from + words];
}

/* Items that would cover each other stand in rows of their own. */
function rowsOf(items, scale) {
	const rows = [];

	for (const item of items) {
		const [from, to] = extent(item, scale);
		const row = rows.find(each => each.every(other => other.to <= from || other.from >= to));
		(row ?? rows[rows.push([]) - 1]).push({item, from, to});
	}
	return rows.map(row => row.map(each => each.item));
}

const MEANING = {
	create: "creates the handle", met: "first met here: its create was not seen", op: "in the call", wait: "the free waits",
	free: "frees the handle", refused: "turned away", bad: "the call that went wrong", life: "the handle is alive",
	gone: "the handle is gone",
};

function drawItem(item, scale) {
	const from = scale(item.from), to = scale(item.to);
	const open = (item.from === BEFORE || item.isSince ? " open-left" : "") + (item.to === AFTER ? " open-right" : "");
	const since = item.isSince ? "; when it began is not known" : "";
	const title = `${item.text}: ${MEANING[item.style]}${since}`;

	if (isPoint(item)) {
		const side = isToLeft(item, scale) ? " to-left" : "";
		return make("div", {class: `point ${item.style}${side}`, style: {left: `${from}%`}, title},
			make("i"), make("span", {}, item.text));
	}
	return make("div", {class: `span ${item.style}${open}`, style: {left: `${from}%`, width: `${to - from}%`}, title},
		make("span", {}, item.text));
}

function drawLane(lane, scale) {
	const rows = rowsOf(lane.items, scale).map(row => make("div", {class: "row"}, row.map(item => drawItem(item, scale))));

	return make("div", {class: lane.isHandle ? "lane handle" : "lane"},
		make("div", {class: "name"}, make("b", {}, lane.name), " ", make("small", {}, lane.note)),
		make("div", {class: "track"}, rows));
}

const TICK = 13; /* room for the words at one */

/* Offsets from the call that the finding is about, as many as there is room for. */
function drawAxis(picture, scale) {
	const taken = [];
	const told = [picture.zero, ...picture.times].filter(time => {
		const free = taken.every(place => Math.abs(place - scale(time)) >= TICK);
		return free && taken.push(scale(time));
	});
	const ticks = told.map(time => {
		const offset = time - picture.zero;
		const text = offset === 0 ? "0" : `${offset < 0 ? "−" : "+"}${duration(Math.abs(offset))}`;
		const edge = scale(time) < 10 ? " at-left" : scale(time) > 90 ? " at-right" : "";
		return make("span", {class: `tick${edge}`, style: {left: `${scale(time)}%`}}, text);
	});

	return make("div", {class: "axis", "aria-hidden": "true"}, make("div", {class: "track"}, ticks));
}

function drawLines(picture, scale) {
	return make("div", {class: "lines", "aria-hidden": "true"}, make("div", {class: "track"}, picture.times.map(time =>
		make("i", {class: time === picture.zero ? "line zero" : "line", style: {left: `${scale(time)}%`}}))));
}

function drawPicture(finding) {
	const picture = pictureOf(finding);
	const scale = scaleOf(picture);

	if (picture.lanes.length === 0 || picture.times.length === 0)
		return null;
	return make("figure", {class: "picture"},
		make("div", {class: "lanes"}, drawLines(picture, scale), picture.lanes.map(lane => drawLane(lane, scale)), drawAxis(picture, scale)),
		make("figcaption", {}, `Time runs to the right, not to scale; 0 is ${duration(picture.zero)} after the recording began.`));
}
