/* How figures grow: the points of the curves in docs/performance.md. The name of a curve is what scripts/curves draws
 * it under; its points are held against the same of a bare call. */
#include <stddef.h>

#include "measurements.h"
#include "works.h"

#define GUARDS                                                                                                         \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_COUNTED] = 1, [HG_TABLE] = 1, [HG_GUARDED] = 1                                      \
	}
#define LOADS                                                                                                          \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED_10] = 1, [HG_GUARDED_SQLITE] = 1, [HG_GUARDED_MANY] = 1                     \
	}
#define FUNCTIONS                                                                                                      \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED_10] = 1, [HG_GUARDED_100] = 1, [HG_GUARDED_1000] = 1, [HG_GUARDED_MANY] = 1 \
	}
#define OURS                                                                                                           \
	{                                                                                                              \
		[HG_GUARDED] = 1                                                                                       \
	}

#define FAMILY                                                                                                         \
	{                                                                                                              \
		[HG_BARE] = 1, [HG_GUARDED] = 1                                                                        \
	}
#define POINT(of, number, in, times)                                                                                   \
	.name = of ", " #number, .curve = (of), .unit = (in), .argument = (number), .rounds = (times)
#define THREADS(number)                                                                                                \
	{POINT("threads with own handles", number, "ns", 9), .work = hg_work_op_crowd, .variants = GUARDS},            \
	{                                                                                                              \
		POINT("threads with one handle", number, "ns", 9), .work = hg_work_op_shared_crowd, .variants = GUARDS \
	}
#define HANDLES(number, times)                                                                                         \
	{                                                                                                              \
		POINT("handles", number, "ns", times), .work = hg_work_handles, .variants = GUARDS                     \
	}
#define FAMILIES(number)                                                                                               \
	{                                                                                                              \
		POINT("families", number, "ns", 5), .work = hg_work_family, .variants = FAMILY                         \
	}
#define FINDINGS(number)                                                                                               \
	{                                                                                                              \
		POINT("findings", number, "ms", 3), .own = hg_work_report_findings, .variants = OURS                   \
	}
#define RECORDINGS(number)                                                                                             \
	{                                                                                                              \
		POINT("recordings", number, "ms", 3), .own = hg_work_report_recordings, .variants = OURS               \
	}
#define LIBRARIES(number)                                                                                              \
	{                                                                                                              \
		POINT("libraries", number, "us", 5), .own = hg_work_loads, .variants = LOADS                           \
	}

const struct hg_measurement hg_points[] = {
    THREADS(1),
    THREADS(2),
    THREADS(4),
    THREADS(8),
    THREADS(16),
    THREADS(32),
    THREADS(64),
    HANDLES(1, 12),
    HANDLES(10, 12),
    HANDLES(64, 12),
    HANDLES(256, 12),
    HANDLES(1000, 12),
    HANDLES(3000, 12),
    HANDLES(10000, 12),
    HANDLES(30000, 12),
    HANDLES(100000, 12),
    HANDLES(1000000, 9),
    HANDLES(10000000, 7),
    FAMILIES(200),
    FAMILIES(1000),
    FAMILIES(10000),
    FAMILIES(100000),
    FINDINGS(10),
    FINDINGS(100),
    FINDINGS(1000),
    FINDINGS(5000),
    FINDINGS(20000),
    RECORDINGS(10),
    RECORDINGS(100),
    RECORDINGS(500),
    RECORDINGS(2000),
    {POINT("functions, start", 0, "ms", 31), .own = hg_work_startup, .variants = FUNCTIONS},
    {POINT("functions, dlopen and dlclose", 30, "us", 7), .own = hg_work_loads, .variants = FUNCTIONS},
    LIBRARIES(1),
    LIBRARIES(10),
    LIBRARIES(30),
    LIBRARIES(100),
    LIBRARIES(300),
    LIBRARIES(1000),
};

const unsigned hg_point_count = sizeof hg_points / sizeof *hg_points;
