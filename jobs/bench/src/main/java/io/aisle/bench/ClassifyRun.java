package io.aisle.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One run of classify, as a process of its own, with what it says of itself.
 *
 * @param use of the whole process
 * @param metrics the job's own, by name
 * @param directory of the published run
 */
record ClassifyRun(Commands.Use use, JsonNode metrics, Path directory) {
    /** Runs it, once an output. */
    static ClassifyRun of(Path model, List<String> input, Path output, List<String> options, List<String> submit)
            throws IOException, InterruptedException {
        return of(model, input, output, "measured", options, submit);
    }

    /**
     * Runs it.
     *
     * @param output in which no run has that id
     * @param options of the job
     * @param submit of spark-submit
     */
    static ClassifyRun of(
            Path model, List<String> input, Path output, String runId, List<String> options, List<String> submit)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("classify", "--model", model.toString()));
        command.addAll(input);
        command.addAll(List.of("--run-id", runId, "--output", output.toString()));
        command.addAll(options);
        Commands.Use use = Commands.aisle(command, submit, Map.of());
        Path directory = output.resolve("runs").resolve(runId);
        return new ClassifyRun(
                use,
                new ObjectMapper().readTree(directory.resolve("metrics.json").toFile()),
                directory);
    }

    /** Of the stage that scores: texts go to tasks by their hash, the network is opened and answers, and the answers are kept on disk. */
    double scoringSeconds() {
        return metrics.get("seconds_score").doubleValue();
    }

    /** Rows that the network read, a second of the stage that scores. */
    double scoringRate() {
        return metrics.get("distinct_texts_scored").doubleValue() / scoringSeconds();
    }

    /** Rows of the catalog, a second from the start of the process to its end. */
    double wholeRate() {
        return metrics.get("rows_in").doubleValue() / use.seconds();
    }

    /** Processor time of all tasks. */
    double taskCpuSeconds() {
        return metrics.get("cpu_seconds").doubleValue();
    }

    /** Where the Parquet of the predictions lies. */
    Path predictions() {
        return directory.resolve("predictions");
    }
}
