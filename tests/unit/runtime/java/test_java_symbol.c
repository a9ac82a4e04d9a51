/* The names under which libraries would export native methods: as javac's headers write them. */
#include <string.h>

#include "harness.h"
#include "java/java_symbol.h"

static void expect(const char *class, const char *method, const char *signature, const char *name)
{
	struct hg_java_symbol symbol;
	ck_assert(hg_java_symbol(&symbol, class, method, signature));
	ck_assert_str_eq(symbol.text, name);
	ck_assert_uint_eq(symbol.length, strlen(name));
}

START_TEST(letters_that_no_linker_takes_are_escaped)
{
	expect("Lorg/conscrypt/NativeCrypto;", "SSL_new", NULL, "Java_org_conscrypt_NativeCrypto_SSL_1new");
	expect("Lp/Outer$Inner;", "f", NULL, "Java_p_Outer_00024Inner_f");
	expect("LA;", "schlie\303\237e", NULL, "Java_A_schlie_000dfe");
	expect("LA;", "\342\202\254", NULL, "Java_A__020ac");
}
END_TEST

START_TEST(what_a_method_takes_follows_its_name)
{
	expect("LA;", "f", "()V", "Java_A_f__");
	expect("LA;", "f", "(J[BLjava/lang/String;)J", "Java_A_f__J_3BLjava_lang_String_2");
}
END_TEST

START_TEST(what_is_too_long_has_no_name)
{
	struct hg_java_symbol symbol;
	char class[2048];
	memset(class, '_', sizeof class);
	for (size_t length = 3; length < sizeof class; length++) {
		class[length - 1] = ';';
		class[length] = '\0';
		bool fits = hg_java_symbol(&symbol, class, "f", "(J)V");
		ck_assert_int_eq(fits, 2 * (length - 2) + strlen("Java__f__J") + 8 <= sizeof symbol.text);
		class[length - 1] = '_';
	}
	ck_assert(!hg_java_symbol(&symbol, "", "f", NULL));
	ck_assert(!hg_java_symbol(&symbol, "LA;", "f", "J"));
}
END_TEST

int main(void)
{
	return RUN_SUITE("java symbol", letters_that_no_linker_takes_are_escaped, what_a_method_takes_follows_its_name,
	                 what_is_too_long_has_no_name);
}
