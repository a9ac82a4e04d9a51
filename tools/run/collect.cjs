'use strict';
// Collects garbage every few milliseconds, between two events, so that finalizers come while calls are held back: Node
// reads this file first (--require), in runs that provoke races. It says nothing, and keeps no program alive. What does not
// work in some Node is left.
const PAUSE = 5, FREE = 100; // ms; the latter may be spent whatever share of the time that is, as with calls

try {
	const v8 = require('v8'), vm = require('vm'), { performance } = require('perf_hooks');
	const budget = Number(process.env.HANDLEGUARD_PROVOKE_BUDGET) || 10; // percent of the time
	v8.setFlagsFromString('--expose-gc');
	const gc = vm.runInNewContext('gc');
	v8.setFlagsFromString('--no-expose-gc'); // contexts that the program makes are as ever
	const started = performance.now();
	let spent = 0;
	const collect = () => {
		const begun = performance.now();
		if (spent < Math.max(FREE, (begun - started) * budget / 100)) {
			gc();
			spent += performance.now() - begun;
		}
	};
	setInterval(collect, PAUSE).unref();
} catch {
	// garbage is collected as ever
}
