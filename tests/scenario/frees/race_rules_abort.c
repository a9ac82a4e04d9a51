/* Mode abort: the process ends at the call that breaks a rule of its class, and not at what the rule allows before it.
 * Of memory of the program's own; of handles that came two at once; of an end in two steps; and of a free inside a call
 * of its own handle, which the library puts off.
 *
 * run: HANDLEGUARD_MODE=abort RULE=in_place
 * finding: late-op well h g2; call gate_well_touch in in_place; free gate_well_end in in_place; create gate_well_init in in_place
 * stderr: handleguard: late-op of a well 0x
 * exit: SIGABRT
 * recording: handles.well.created=2 handles.well.freed=2
 *
 * run: HANDLEGUARD_MODE=abort RULE=at_once
 * finding: late-op end h; call gate_end_touch in at_once; free gate_end_close in at_once; create gate_ends_open in at_once
 * stderr: handleguard: late-op of a end 0x
 * exit: SIGABRT
 * recording: handles.end.created=2 handles.end.freed=1
 *
 * run: HANDLEGUARD_MODE=abort RULE=two_steps
 * finding: late-op hatch h; call gate_hatch_touch in two_steps; free gate_hatch_shut in two_steps;
 *     create gate_hatch_open in two_steps
 * stderr: handleguard: late-op of a hatch 0x
 * exit: SIGABRT
 * recording: handles.hatch.created=2 handles.hatch.freed=1
 *
 * run: HANDLEGUARD_MODE=abort RULE=put_off
 * finding: late-op pump h; call gate_pump_touch in put_off; free gate_pump_close in close_pump; create gate_pump_open in put_off
 * stderr: handleguard: late-op of a pump 0x
 * exit: SIGABRT
 * recording: handles.pump.created=1 handles.pump.freed=1
 */
#include "scenario.h"

static void in_place(void)
{
	static gate_well well;
	tell("h", &well);
	for (int i = 0; i < 2; i++) {
		CHECK(gate_well_init(&well, false) == 0 && gate_well_touch(&well) == 1);
		gate_well_end(&well);
	}
	gate_well_touch(&well);
}

static void at_once(void)
{
	int ends[2];
	CHECK(gate_ends_open(ends) == 0);
	tell_number("h", (unsigned)ends[1]);
	CHECK(gate_end_touch(ends[1]) == 1 && gate_end_close(ends[1]) == 0 && gate_end_touch(ends[0]) == 1);
	gate_end_touch(ends[1]);
}

static void two_steps(void)
{
	gate *right = gate_hatch_open(), *hatch = gate_hatch_open();
	tell("h", hatch);
	CHECK(gate_hatch_shut(right) == 3 && gate_hatch_shut(hatch) == 3);
	gate_hatch_free(right);
	gate_hatch_touch(hatch);
}

static void close_pump(void *pump)
{
	gate_pump_close(pump);
}

static void put_off(void)
{
	gate *pump = gate_pump_open();
	tell("h", pump);
	CHECK(gate_pump_run(pump, close_pump, pump) == 1);
	gate_pump_touch(pump);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*play)(void);
	} rules[] = {{"in_place", in_place}, {"at_once", at_once}, {"two_steps", two_steps}, {"put_off", put_off}};
	const char *rule = getenv("RULE");
	for (size_t i = 0; rule && i < sizeof rules / sizeof *rules; i++)
		if (strcmp(rule, rules[i].name) == 0)
			rules[i].play();
	fail(__FILE__, __LINE__, "the process ends before this");
}
