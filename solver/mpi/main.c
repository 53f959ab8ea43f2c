/* deterra-mpi: `deterra sweep` on the ranks of an MPI job. Rank 0 reads the config and owns the
 * store; the others get the config from it, so that no node but its own needs the files. */
#include <flint/flint.h>
#include <omp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/source.h"
#include "mpi/wire.h"

static void print_help(FILE *out) {
    fputs("usage: mpirun -n RANKS deterra-mpi sweep [OPTION]… CONFIG\n\n"
          "Does what deterra sweep does, with the same options and the same result, on all ranks\n"
          "of an MPI job (docs/clusters.md). --threads is each rank's.\n\n"
          "  deterra-mpi sweep --help   the options\n"
          "  deterra-mpi --version      the version\n\n"
          "example: mpirun -n 4 deterra-mpi sweep configs/sweeps/pain.cfg -o pain.sqlite\n",
          out);
}

/* --- a rank other than 0 --- */

/* Something is wrong with this rank alone: the others are well. */
static int complain(const cli_game *g, const char *why) {
    int rank, length;
    char node[MPI_MAX_PROCESSOR_NAME];
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Get_processor_name(node, &length);
    if (g->diag)
        dt_diag_write(g->diag, stderr, false);
    fprintf(stderr, "deterra-mpi: rank %d on %s: %s\n", rank, node, why);
    return DT_EXIT_FAILED;
}

typedef struct follower {
    cli_game game;
    dt_sweep *sweep;
    dt_frame frame;
} follower;

/* The scenario from rank 0's text, which was found good there: what is wrong here is this rank's.
 */
static int build(follower *f, const cli_options *options, const char *text, size_t length,
                 const char *identity) {
    const dt_config_options config = {options->sets, options->set, options->concepts,
                                      options->concept_spec, NULL};
    f->game.diag = dt_diag_new();
    if (!f->game.diag)
        return complain(&f->game, dt_status_text(DT_ERR_MEMORY));
    dt_status status = dt_config_read_text(options->config, text, length, &config, f->game.diag,
                                           &f->game.scenario);
    if (status == DT_OK)
        status = dt_sweep_new(f->game.scenario, f->game.diag, &f->sweep);
    if (status == DT_OK)
        status = dt_frame_init(&f->frame, f->sweep, f->game.diag);
    if (status != DT_OK)
        return complain(&f->game, dt_status_text(status));
    if (strcmp(identity + strlen(identity) + 1, f->game.scenario->sha256) != 0)
        return complain(&f->game, "the config is not that of rank 0");
    f->game.reported = true; /* warnings: rank 0 has them */
    cli_sweep_handle_signals();
    return DT_EXIT_OK;
}

static int follow(const cli_options *options) {
    follower f = {.sweep = NULL};
    char *text = NULL, *identity = NULL;
    size_t length = 0, bytes = 0;
    int exit_status = DT_EXIT_FAILED;
    bool shared = wire_share(&text, &length) && wire_share(&identity, &bytes);
    if (shared && strcmp(identity, dt_version()) != 0)
        exit_status = complain(&f.game, "deterra is of another version than rank 0's");
    else if (shared)
        exit_status = build(&f, options, text, length, identity);
    free(text);
    free(identity);
    int worst = wire_worst(exit_status);
    if (worst == DT_EXIT_OK) {
        uint64_t points = 0;
        int threads = wire_threads(options);
        MPI_Bcast(&points, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
        worst = follow_run(&f.frame, threads, cli_sweep_split(options), points);
    }
    dt_frame_clear(&f.frame);
    dt_sweep_free(f.sweep);
    f.game.reported = true;
    cli_close(&f.game);
    return worst;
}

/* --- rank 0 --- */

static int lead(cli_sweep_run *run, int ranks) {
    const dt_scenario *scenario = run->game.scenario;
    size_t length = 0;
    char *text = (char *)(uintptr_t)dt_source_text(scenario->source, &length); /* only read */
    char identity[256];
    int bytes = snprintf(identity, sizeof identity, "%s%c%s", dt_version(), 0, scenario->sha256);
    char *words = identity;
    size_t size = (size_t)bytes + 1;
    bool shared = wire_share(&text, &length) && wire_share(&words, &size);
    int exit_status = wire_worst(shared ? DT_EXIT_OK : DT_EXIT_FAILED);
    if (exit_status != DT_EXIT_OK) { /* a rank said why */
        run->progress.quiet = true;
        cli_sweep_close(run, DT_ERR_INTERRUPTED);
        return exit_status;
    }
    uint64_t points = dt_sweep_missing(&run->job) / (uint64_t)ranks + 1;
    run->job.threads = wire_threads(run->options);
    MPI_Bcast(&points, 1, MPI_UINT64_T, 0, MPI_COMM_WORLD);
    exit_status = cli_sweep_close(run, lead_run(&run->job, ranks));
    lead_end(ranks, exit_status);
    return exit_status;
}

/* --- both --- */

static int sweep(int argc, char **argv, int rank, int ranks) {
    cli_options options = {0};
    cli_sweep_run run;
    int exit_status = DT_EXIT_OK;
    if (rank == 0) /* what is wrong with the arguments is said once */
        exit_status = cli_parse(&cli_sweep, argc - 2, argv + 2, &options);
    MPI_Bcast(&exit_status, 1, MPI_INT, 0, MPI_COMM_WORLD);
    if (exit_status == DT_EXIT_OK && rank != 0)
        exit_status = cli_parse(&cli_sweep, argc - 2, argv + 2, &options);
    if (exit_status == DT_EXIT_OK && options.help) {
        if (rank == 0)
            cli_print_help(&cli_sweep, stdout);
    } else if (exit_status == DT_EXIT_OK && ranks == 1) {
        exit_status = cli_sweep.run(&options);
    } else if (exit_status == DT_EXIT_OK) {
        cli_sweep_prepare();
        if (rank == 0)
            exit_status = cli_sweep_open(&options, ranks, &run);
        MPI_Bcast(&exit_status, 1, MPI_INT, 0, MPI_COMM_WORLD);
        if (exit_status == DT_EXIT_OK)
            exit_status = rank == 0 ? lead(&run, ranks) : follow(&options);
    }
    cli_options_clear(&options);
    return exit_status;
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write, reported as one */
    int level, rank, ranks, exit_status = DT_EXIT_OK;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    const char *word = argc > 1 ? argv[1] : "";
    if (level < MPI_THREAD_FUNNELED) {
        if (rank == 0)
            fputs("deterra-mpi: this MPI library does not support threads\n", stderr);
        exit_status = DT_EXIT_FAILED;
    } else if (strcmp(word, "sweep") == 0) {
        exit_status = sweep(argc, argv, rank, ranks);
    } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        if (rank == 0)
            print_help(stdout);
    } else if (strcmp(word, "--version") == 0) {
        if (rank == 0)
            printf("deterra-mpi %s\n", dt_version());
    } else {
        if (rank == 0)
            print_help(stderr);
        exit_status = DT_EXIT_USAGE;
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        exit_status = exit_status == DT_EXIT_OK ? DT_EXIT_FAILED : exit_status;
    MPI_Finalize();
    flint_cleanup_master();
    return exit_status;
}
