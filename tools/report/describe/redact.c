#include "report/describe/redact.h"

#include <ctype.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utlist.h>

#include "report/describe/merge.h"
#include "report/describe/walk.h"

enum {
	MOST_NAMES = 64,
	FIRST_PERSON = 1000 /* users below are the system's own, at home in /bin and the like */
};

struct hg_redaction {
	struct hg_model *model;
	const char *names[MOST_NAMES]; /* of users */
	size_t name_count;
	const char *homes[MOST_NAMES]; /* of users who are at home elsewhere than in /home */
	size_t home_count;
	const char *root, *redacted_root; /* of the sources; null: none */
};

static const char users_home[] = "/home/user";

/* ---- Who there is ---- */

static bool is_listed(const char *const *list, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i], text) == 0)
			return true;
	return false;
}

/* "root" says nothing about anybody. */
static void add_name(struct hg_redaction *redaction, const char *name, size_t length)
{
	const char *kept = hg_model_text(redaction->model, name, length);

	if (length > 0 && strcmp(kept, "root") != 0 && strcmp(kept, "user") != 0 &&
	    redaction->name_count < MOST_NAMES && !is_listed(redaction->names, redaction->name_count, kept))
		redaction->names[redaction->name_count++] = kept;
}

/* "/root" neither. */
static void add_home(struct hg_redaction *redaction, const char *home)
{
	bool is_one = home && home[0] == '/' && home[1] != '\0' && strcmp(home, "/root") != 0;

	if (is_one && redaction->home_count < MOST_NAMES && !is_listed(redaction->homes, redaction->home_count, home))
		redaction->homes[redaction->home_count++] = hg_model_string(redaction->model, home);
}

static void add_user(struct hg_redaction *redaction, uid_t user)
{
	const struct passwd *entry = getpwuid(user);

	if (!entry || user < FIRST_PERSON)
		return;
	add_name(redaction, entry->pw_name, strlen(entry->pw_name));
	add_home(redaction, entry->pw_dir);
}

/* Of a path in somebody's home: who that is. */
static void learn(struct hg_redaction *redaction, const char *path)
{
	static const char *const folders[] = {"/home/", "/Users/"};

	for (size_t i = 0; path && i < sizeof(folders) / sizeof(*folders); i++) {
		const char *found = strstr(path, folders[i]);
		if (!found)
			continue;
		const char *name = found + strlen(folders[i]);
		add_name(redaction, name, strcspn(name, "/"));
	}
}

static void learn_frame(void *context, struct hg_resolved_frame *frame)
{
	learn(context, frame->object);
	learn(context, frame->file);
}

static void learn_call(void *context, struct hg_resolved_call *call)
{
	hg_walk_frames(&call->stack, learn_frame, context);
}

static void learn_users(struct hg_redaction *redaction)
{
	const struct hg_recording *recording;
	const struct hg_resolved_launch *launch;
	struct stat status;

	add_user(redaction, getuid());
	add_home(redaction, getenv("HOME"));
	DL_FOREACH(redaction->model->recordings, recording) {
		if (stat(recording->file, &status) == 0)
			add_user(redaction, status.st_uid);
		learn(redaction, recording->file);
		learn(redaction, recording->executable);
		for (size_t i = 0; i < recording->argument_count; i++)
			learn(redaction, recording->command[i]);
	}
	DL_FOREACH(redaction->model->launches, launch) {
		learn(redaction, launch->program);
		learn(redaction, launch->starter);
	}
	learn(redaction, redaction->root);
	hg_walk_calls(redaction->model, learn_call, redaction);
}

/* ---- Texts without them ---- */

/* A text with another in place of each place where it is a word of its own, or the beginning of a path. */
static const char *replace(const struct hg_redaction *redaction, const char *text, const char *word, const char *by)
{
	size_t length = strlen(word);
	const char *at = text;

	while ((at = strstr(at, word))) {
		bool begins = at == text || !isalnum((unsigned char)at[-1]) || word[0] == '/';
		if (!begins || isalnum((unsigned char)at[length])) {
			at += length;
			continue;
		}
		const char *whole =
		    hg_model_printf(redaction->model, "%.*s%s%s", (int)(at - text), text, by, at + length);
		at = whole + (at - text) + strlen(by);
		text = whole;
	}
	return text;
}

static const char *redacted(const struct hg_redaction *redaction, const char *text)
{
	if (!text)
		return NULL;
	for (size_t i = 0; i < redaction->home_count; i++)
		text = replace(redaction, text, redaction->homes[i], users_home);
	for (size_t i = 0; i < redaction->name_count; i++)
		text = replace(redaction, text, redaction->names[i], "user");
	return text;
}

/* A file of the sources keeps its name below their root. */
static const char *redacted_file(const struct hg_redaction *redaction, const char *file)
{
	size_t length = redaction->root ? strlen(redaction->root) : 0;

	if (file && length > 0 && strncmp(file, redaction->root, length) == 0 && file[length] == '/')
		return hg_model_printf(redaction->model, "%s%s", redaction->redacted_root, file + length);
	return redacted(redaction, file);
}

/* ---- All of the report ---- */

static void redact_frame(void *context, struct hg_resolved_frame *frame)
{
	frame->object = redacted(context, frame->object);
	frame->file = redacted_file(context, frame->file);
}

static void redact_call(void *context, struct hg_resolved_call *call)
{
	call->library = redacted(context, call->library);
	call->thread_name = redacted(context, call->thread_name);
	call->test = redacted_file(context, call->test);
	hg_walk_frames(&call->stack, redact_frame, context);
}

static void redact_manifest(const struct hg_redaction *redaction, struct hg_resolved_manifest *manifest)
{
	for (size_t i = 0; i < manifest->unnamed_count; i++) {
		manifest->unnamed[i].library = redacted(redaction, manifest->unnamed[i].library);
		manifest->unnamed[i].used_by = redacted(redaction, manifest->unnamed[i].used_by);
	}
}

static void redact_coverage(const struct hg_redaction *redaction, struct hg_coverage *coverage)
{
	coverage->library = redacted(redaction, coverage->library);
	coverage->object = redacted(redaction, coverage->object);
	coverage->used_by = redacted(redaction, coverage->used_by);
	coverage->reached_in = redacted(redaction, coverage->reached_in);
}

static void redact_recording(const struct hg_redaction *redaction, struct hg_recording *recording)
{
	recording->file = redacted(redaction, recording->file);
	recording->executable = redacted(redaction, recording->executable);
	for (size_t i = 0; i < recording->argument_count; i++)
		recording->command[i] = i == 0 ? redacted(redaction, recording->command[i]) : "...";
	if (recording->argument_count > 2)
		recording->argument_count = 2;
	hg_redact_coverage(redaction, recording);
}

void hg_redact_coverage(const struct hg_redaction *redaction, struct hg_recording *recording)
{
	for (size_t i = 0; i < recording->manifest_count; i++)
		redact_manifest(redaction, &recording->manifests[i]);
	for (size_t i = 0; i < recording->coverage_count; i++)
		redact_coverage(redaction, &recording->coverage[i]);
}

void hg_redact(struct hg_model *model, struct hg_report_options *options)
{
	struct hg_redaction *redaction = hg_model_take(model, sizeof(*redaction));
	struct hg_recording *recording;
	struct hg_resolved_launch *launch;

	*redaction = (struct hg_redaction){.model = model, .root = options->source_root};
	learn_users(redaction);
	redaction->redacted_root = options->source_root = redacted(redaction, redaction->root);
	DL_FOREACH(model->recordings, recording)
		redact_recording(redaction, recording);
	hg_redact_coverage(redaction, hg_merged_recordings(model));
	DL_FOREACH(model->launches, launch) {
		launch->program = redacted(redaction, launch->program);
		launch->starter = redacted(redaction, launch->starter);
	}
	for (struct hg_group *group = model->groups; group; group = group->hh.next)
		group->resolved->test = redacted_file(redaction, group->resolved->test);
	model->nothing_covered = redacted(redaction, model->nothing_covered);
	hg_walk_calls(model, redact_call, redaction);
	model->redaction = redaction;
}
