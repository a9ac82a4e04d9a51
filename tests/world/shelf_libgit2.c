/* Usage: world_libgit2 quiet|race
 * Works with a repository of its own, in a temporary folder. `quiet` does what the documentation allows: objects that
 * are counted, threads with a repository each, a database of objects that they share. `race` frees a repository in a
 * callback of another thread's call, has two threads use one index at a time, and uses and frees what it has freed. */
#include <git2.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "quiet.h"

static char folder[] = "/tmp/handleguard-git-XXXXXX", other_folder[sizeof(folder) + 8];

static void write_file(const char *name, const char *text)
{
	char path[128];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	MUST(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

static git_repository *open_repository(void)
{
	git_repository *repository;

	MUST(git_repository_open(&repository, folder) == 0);
	return repository;
}

/* With the file `name` added to what there is. */
static void commit_file(git_repository *repository, const char *name)
{
	git_index *index;
	git_oid tree_id, id;
	git_tree *tree;
	git_object *head = NULL;
	git_signature *author;

	write_file(name, name);
	MUST(git_repository_index(&index, repository) == 0 && git_index_add_bypath(index, name) == 0);
	MUST(git_index_write(index) == 0 && git_index_write_tree(&tree_id, index) == 0);
	git_index_free(index);
	MUST(git_tree_lookup(&tree, repository, &tree_id) == 0);
	MUST(git_signature_now(&author, "a", "a@example.org") == 0);
	git_error_clear();
	int parents = git_revparse_single(&head, repository, "HEAD") == 0;
	const git_commit *parent[] = {(git_commit *)head};
	MUST(git_commit_create(&id, repository, "HEAD", author, author, NULL, name, tree, (size_t)parents, parent) ==
	     0);
	git_signature_free(author);
	git_object_free(head);
	git_tree_free(tree);
}

static void make_repository(void)
{
	git_repository *repository;

	MUST(mkdtemp(folder) && git_repository_init(&repository, folder, 0) == 0);
	commit_file(repository, "one");
	commit_file(repository, "two");
	git_repository_free(repository);
}

static git_commit *head_of(git_repository *repository)
{
	git_object *object;

	MUST(git_revparse_single(&object, repository, "HEAD^{commit}") == 0);
	return (git_commit *)object;
}

/* ---- What is allowed ---- */

static void count_objects(void)
{
	git_repository *repository = open_repository();
	git_commit *one = head_of(repository), *same = head_of(repository), *parent;
	git_tree *tree;
	git_tree_entry *mine;
	git_object *copy;

	MUST(one == same && git_commit_parent(&parent, one, 0) == 0 && git_commit_tree(&tree, one) == 0);
	git_commit_free(one);
	MUST(strcmp(git_commit_message(same), "two") == 0);
	MUST(git_object_dup(&copy, (git_object *)same) == 0 && copy == (git_object *)same);
	git_object_free((git_object *)same);
	git_repository_free(repository);
	/* Objects outlive it. */
	MUST(git_commit_parentcount((git_commit *)copy) == 1);
	git_object_free(copy);
	git_commit_free(parent);
	const git_tree_entry *lent = git_tree_entry_byname(tree, "one");
	for (int i = 0; i < 3; i++) {
		MUST(git_tree_entry_dup(&mine, lent) == 0 && strcmp(git_tree_entry_name(mine), "one") == 0);
		git_tree_entry_free(mine);
	}
	MUST(strcmp(git_tree_entry_name(git_tree_entry_byindex(tree, 1)), "two") == 0);
	git_tree_free(tree);
	git_commit_free(NULL);
}

static void hand_out_its_own(void)
{
	git_repository *repository = open_repository();
	git_index *index[2];
	git_config *config[2];
	git_reference *head, *branch;
	git_diff *diff;
	git_revwalk *walk;
	git_oid id;
	int found = 0;

	for (int i = 0; i < 2; i++)
		MUST(git_repository_index(&index[i], repository) == 0 &&
		     git_repository_config(&config[i], repository) == 0);
	MUST(index[0] == index[1] && config[0] == config[1]);
	git_index_free(index[0]);
	git_config_free(config[0]);
	MUST(git_index_entrycount(index[1]) == 2 && git_config_set_bool(config[1], "test.there", 1) == 0);
	MUST(git_diff_index_to_workdir(&diff, repository, index[1], NULL) == 0 && git_diff_num_deltas(diff) == 0);
	git_diff_free(diff);
	MUST(git_repository_head(&head, repository) == 0);
	MUST(git_reference_create(&branch, repository, "refs/heads/gone", git_reference_target(head), 0, NULL) == 0);
	MUST(git_reference_delete(branch) == 0 && git_reference_is_branch(branch));
	git_reference_free(branch);
	MUST(git_revwalk_new(&walk, repository) == 0 && git_revwalk_push_ref(walk, "HEAD") == 0);
	while (git_revwalk_next(&id, walk) == 0)
		found++;
	MUST(found == 2);
	git_revwalk_free(walk);
	git_reference_free(head);
	git_index_free(index[1]);
	git_config_free(config[1]);
	git_repository_free(repository);
}

static git_odb *database;

static void *read_often(void *commits)
{
	git_repository *repository = open_repository();

	for (int i = 0; i < *(int *)commits; i++) {
		git_commit *head = head_of(repository);
		git_odb_object *object;
		MUST(git_odb_read(&object, database, git_commit_id(head)) == 0 && git_odb_object_size(object) > 0);
		git_odb_object_free(object);
		git_commit_free(head);
	}
	git_repository_free(repository);
	return NULL;
}

static void share_a_database(void)
{
	int commits = 100;
	git_repository *repository = open_repository();

	MUST(git_repository_odb(&database, repository) == 0);
	pthread_t one = start(read_often, &commits), other = start(read_often, &commits);
	join(one);
	join(other);
	git_odb_free(database);
	git_repository_free(repository);
}

static int name_remote(git_remote **out, git_repository *repository, const char *name, const char *url, void *unused)
{
	(void)unused;
	MUST(!git_repository_is_bare(repository)); /* one that is being made */
	return git_remote_create(out, repository, name, url);
}

static void clone(void)
{
	git_clone_options options;
	git_repository *copy;
	git_remote *remote;

	MUST(git_clone_options_init(&options, GIT_CLONE_OPTIONS_VERSION) == 0);
	snprintf(other_folder, sizeof(other_folder), "%s/copy", folder);
	options.remote_cb = name_remote;
	MUST(git_clone(&copy, folder, other_folder, &options) == 0);
	MUST(git_remote_lookup(&remote, copy, "origin") == 0 && git_remote_fetch(remote, NULL, NULL, NULL) == 0);
	MUST(strcmp(git_refspec_dst(git_remote_get_refspec(remote, 0)), "refs/remotes/origin/*") == 0);
	MUST(git_remote_stop(remote) == 0);
	git_remote_free(remote);
	git_repository_free(copy);
}

static void quiet(void)
{
	count_objects();
	hand_out_its_own();
	share_a_database();
	clone();
}

/* ---- What is not ---- */

static sem_t is_inside, may_leave;

static int wait_inside(const char *path, unsigned status, void *unused)
{
	(void)path;
	(void)status;
	(void)unused;
	sem_post(&is_inside);
	sem_wait(&may_leave);
	return 0;
}

static void *list_status(void *repository)
{
	MUST(git_status_foreach(repository, wait_inside, NULL) == 0);
	return NULL;
}

static void free_in_callback(void)
{
	git_repository *repository = open_repository();

	write_file("new", "new");
	pthread_t thread = start(list_status, repository);
	sem_wait(&is_inside);
	git_repository_free(repository); /* gives up at the deadline */
	MUST(!git_repository_path(repository));
	sem_post(&may_leave);
	join(thread);
}

static int wait_while_adding(const char *path, const char *matched, void *unused)
{
	(void)matched;
	return wait_inside(path, 0, unused);
}

static void *add_all(void *index)
{
	MUST(git_index_add_all(index, NULL, 0, wait_while_adding, NULL) == 0);
	return NULL;
}

static void share_an_index(void)
{
	git_repository *repository = open_repository();
	git_index *index;

	MUST(git_repository_index(&index, repository) == 0);
	pthread_t thread = start(add_all, index);
	sem_wait(&is_inside);
	MUST(git_index_entrycount(index) > 0);
	sem_post(&may_leave);
	join(thread);
	git_index_free(index);
	git_repository_free(repository);
}

static void use_what_is_freed(void)
{
	git_repository *repository = open_repository();
	git_commit *head = head_of(repository);
	git_revwalk *walk;
	git_oid id;

	MUST(git_revwalk_new(&walk, repository) == 0);
	git_revwalk_free(walk);
	MUST(git_revwalk_next(&id, walk) == -1);
	git_commit_free(head);
	git_object_free((git_object *)head);
	git_repository_free(repository);
}

static void race(void)
{
	free_in_callback();
	share_an_index();
	use_what_is_freed();
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_leave, 0, 0) == 0);
	MUST(git_libgit2_init() == 1);
	make_repository();
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	git_libgit2_shutdown();
	char command[64];
	snprintf(command, sizeof(command), "rm -r %s", folder);
	return system(command) != 0;
}
