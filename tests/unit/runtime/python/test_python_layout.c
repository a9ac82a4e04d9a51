/* Which versions of Python are known, and that nothing is guessed of the others. */
#include "harness.h"
#include "python/python_layout.h"

static struct hg_python_layout layout;
static uint64_t offsets[128]; /* as _PyRuntime begins from 3.13 on */

static bool known(uint32_t version)
{
	memcpy(offsets, "xdebugpy", 8);
	offsets[1] = version;
	return hg_python_layout_of(version, offsets, &layout);
}

START_TEST(released_versions_are_known)
{
	static const uint32_t versions[] = {0x030912f0, 0x030a0df0, 0x030b07f0, 0x030c01f0,
	                                    0x030d00f0, 0x030e0af0, 0x030f02f0};
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
		ck_assert_msg(known(versions[i]), "%#x", versions[i]);
		ck_assert_uint_eq(layout.minor, versions[i] >> 16 & 0xff);
	}
}
END_TEST

START_TEST(others_are_not)
{
	static const uint32_t versions[] = {0x030812f0 /* older */,           0x031000f0 /* not there yet */,
	                                    0x030e00a7 /* an alpha */,        0x030f00c1 /* a candidate */,
	                                    0x040900f0 /* of another kind */, 0};
	for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
		ck_assert_msg(!known(versions[i]), "%#x", versions[i]);
}
END_TEST

START_TEST(what_does_not_describe_itself_is_not)
{
	ck_assert(known(0x030d00f0));
	memcpy(offsets, "xdebugpx", 8);
	ck_assert(!hg_python_layout_of(0x030d00f0, offsets, &layout));
	ck_assert_ptr_null(hg_python_started_at(0x030d00f0, offsets));
	memcpy(offsets, "xdebugpy", 8);
	ck_assert_msg(!hg_python_layout_of(0x030d01f0, offsets, &layout), "it says that it is another version");
}
END_TEST

int main(void)
{
	return RUN_SUITE("python_layout", released_versions_are_known, others_are_not,
	                 what_does_not_describe_itself_is_not);
}
