#include "report/describe/short_name.h"

#include <ctype.h>
#include <string.h>

/* A name on its way: what is read of it, and what is kept. */
struct name {
	const char *at;
	char *out;
	size_t length;
};

static bool is_long(const struct hg_resolved_frame *frame)
{
	const char *language = frame->language;

	if (!frame->function)
		return false;
	if (language)
		return strcmp(language, "c++") == 0 || strcmp(language, "rust") == 0;
	return strstr(frame->function, "::") || strchr(frame->function, '(');
}

static void keep(struct name *name, size_t length)
{
	memcpy(name->out + name->length, name->at, length);
	name->length += length;
	name->at += length;
}

static bool take(struct name *name, const char *word)
{
	if (strncmp(name->at, word, strlen(word)) != 0)
		return false;
	keep(name, strlen(word));
	return true;
}

static bool drop(struct name *name, const char *word)
{
	bool there = strncmp(name->at, word, strlen(word)) == 0;

	name->at += there ? strlen(word) : 0;
	return there;
}

/* Past what these brackets hold. Of names that do not hold together the rest. An arrow's head closes nothing. */
static const char *after_brackets(const char *at)
{
	int depth = 0;

	for (; *at != '\0'; at++) {
		depth += strchr("<([{", *at) != NULL;
		if (strchr(">)]}", *at) && !(*at == '>' && at[-1] == '-') && --depth == 0)
			return at + 1;
	}
	return at;
}

static bool begins_word(const struct name *name)
{
	char before = name->length > 0 ? name->out[name->length - 1] : ' ';

	return !isalnum((unsigned char)before) && before != '_';
}

/* "operator<", "operator()", "operator bool": whole, as the brackets in them are none. */
static bool take_operator(struct name *name)
{
	static const char *const signs[] = {"()", "[]", "<=>", "<<=", ">>=", "->*", "<<",
	                                    ">>", "<=", ">=",  "->",  "<",   ">"};

	if (!begins_word(name) || !take(name, "operator"))
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (take(name, signs[i]))
			break;
	return true;
}

/* What the names of the standard library say of its version and of its makers. */
static bool drop_version(struct name *name)
{
	return begins_word(name) &&
	       (drop(name, "__cxx11::") || drop(name, "__1::") || drop(name, "__ndk1::") || drop(name, "__debug::"));
}

/* Arguments of a template become "<>". Where a path of Rust begins with them, "<T as Trait>", they are the name. */
static void take_angles(struct name *name, bool first)
{
	const char *end = after_brackets(name->at);

	if (first) {
		keep(name, 1);
		return;
	}
	if (name->length >= 2 && strncmp(name->out + name->length - 2, "::", 2) == 0)
		name->length -= 2; /* foo::<T> */
	memcpy(name->out + name->length, "<>", 2);
	name->length += 2;
	name->at = end;
}

static bool in_type(const struct name *name)
{
	return name->length > 0 && strchr("<&* ", name->out[name->length - 1]);
}

/* Parameters of a function that something else lies in, "f(int)::{lambda()#1}", "f() const::helper". */
static bool drop_outer_parameters(struct name *name)
{
	const char *end = after_brackets(name->at);

	end += strncmp(end, " const", strlen(" const")) == 0 ? strlen(" const") : 0;
	if (strncmp(end, "::", 2) != 0)
		return false;
	name->at = end;
	return true;
}

/* False at the parameters, which end the name. */
static bool take_next(struct name *name)
{
	if (take(name, "(anonymous namespace)") || take_operator(name) || drop_version(name))
		return true;
	if (*name->at == '<')
		take_angles(name, name->length == 0 || in_type(name));
	else if (*name->at == '{') {
		const char *end = after_brackets(name->at), *inner = strpbrk(name->at, "([<");
		/* "{lambda(int)#1}" says "{lambda#1}" */
		if (inner && inner < end) {
			keep(name, (size_t)(inner - name->at));
			name->at = after_brackets(inner);
		}
		keep(name, name->at < end ? (size_t)(end - name->at) : 0);
	} else if (*name->at == '[')
		name->at = after_brackets(name->at); /* [abi:cxx11], [clone .cold] */
	else if (*name->at == '(')
		return drop_outer_parameters(name);
	else
		keep(name, 1);
	return true;
}

/* Functions that are made of templates have what they return in front of their names. */
static const char *without_result(const char *name)
{
	const char *start = name;

	for (const char *at = name; *at != '\0'; at++) {
		if (strchr("<({", *at)) {
			at = after_brackets(at) - 1;
			continue;
		}
		if (strncmp(at, "operator", 8) == 0)
			break;
		if (*at == ' ' && at[1] != '\0')
			start = at + 1;
	}
	return start;
}

const char *hg_short_name(struct hg_model *model, const struct hg_resolved_frame *frame)
{
	if (!is_long(frame))
		return frame->function;
	size_t room = 2 * strlen(frame->function) + 1;
	struct name name = {.at = frame->function, .out = hg_model_take(model, room)};

	while (*name.at != '\0' && take_next(&name))
		;
	while (name.length > 0 && name.out[name.length - 1] == ' ')
		name.length--;
	name.out[name.length] = '\0';
	const char *text = name.out[0] == '<' ? name.out : without_result(name.out);
	return *text != '\0' ? text : frame->function;
}
