/* What became of handles that were attached to others. */
#include <inttypes.h>

#include "report/describe/story.h"
#include "report/describe/story_parts.h"

/* "easy 0x1234", the other handle that a finding is about. */
static void print_tied(const struct hg_story *story)
{
	const struct hg_resolved_call *tied = story->finding->children;

	if (tied)
		fprintf(story->out, "%s 0x%" PRIx64, tied->class, tied->handle);
	else
		fputs("another handle", story->out);
}

void hg_story_dangling(const struct hg_story *story)
{
	const struct hg_resolved_call *freed = story->finding->free;

	hg_story_call(story);
	fputs(" although ", story->out);
	print_tied(story);
	fputs(", which is attached to it, ", story->out);
	if (freed)
		fprintf(story->out, "was freed with %s by %s.", hg_function_of(freed),
		        hg_thread_text(story->model, freed));
	else
		fputs("had been freed.", story->out);
	hg_story_fate(story, " The call reached the library: the run only observed.", " It was rejected.");
}

void hg_story_given_free(const struct hg_story *story)
{
	hg_story_free(story);
	fputs(" although it had been given to ", story->out);
	print_tied(story);
	fputs(", which frees it.", story->out);
	hg_story_fate(story, " The free reached the library: the run only observed.",
	              story->finding->withheld ? " The free was withheld: the library did not hear of it."
	                                       : " The free went through.");
}
