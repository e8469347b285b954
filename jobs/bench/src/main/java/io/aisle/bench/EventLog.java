package io.aisle.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The tasks of a job, stage by stage, as Spark's event log has them: one JSON object a line, neither compressed nor in several files. */
final class EventLog {
    /** How spark-submit is told to write one so. */
    static final List<String> SUBMIT =
            List.of("--conf", "spark.eventLog.compress=false", "--conf", "spark.eventLog.rolling.enabled=false");

    private static final String STEP = "aisle.step";

    private EventLog() {}

    /**
     * A stage, with the seconds that its tasks ran that succeeded.
     *
     * @param name the job's step, and what of Spark's it is
     */
    record Stage(int number, String name, List<Double> taskSeconds) {
        double longest() {
            return taskSeconds.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        }

        /** Of an even number the shorter of the two in the middle: of two tasks, the other one. */
        double median() {
            return taskSeconds.stream().sorted().toList().get((taskSeconds.size() - 1) / 2);
        }

        /** How many times as long as the task in the middle the longest ran. */
        double skew() {
            return longest() / Math.max(median(), 0.001);
        }

        String inWords() {
            return String.format(
                    Locale.ROOT,
                    "%s (stage %d): %d tasks, longest %.1f s, median %.1f s",
                    name,
                    number,
                    taskSeconds.size(),
                    longest(),
                    median());
        }
    }

    /** The stages of the only log in a directory. */
    static List<Stage> stages(Path directory) throws IOException {
        List<Path> logs;
        try (Stream<Path> files = Files.list(directory)) {
            logs = files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
        }
        if (logs.size() != 1) {
            throw new IOException("Cannot read an event log: found " + logs + ", expected one file");
        }
        ObjectMapper mapper = new ObjectMapper();
        Map<Integer, String> names = new TreeMap<>();
        Map<Integer, List<Double>> seconds = new TreeMap<>();
        try (BufferedReader reader = Files.newBufferedReader(logs.get(0))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                // the other events are most of the file
                if (line.contains("\"SparkListenerStageSubmitted\"")) {
                    JsonNode event = mapper.readTree(line);
                    names.put(event.path("Stage Info").path("Stage ID").intValue(), name(event));
                } else if (line.contains("\"SparkListenerTaskEnd\"")) {
                    JsonNode event = mapper.readTree(line);
                    if (event.path("Task End Reason").path("Reason").asText().equals("Success")) {
                        seconds.computeIfAbsent(event.path("Stage ID").intValue(), stage -> new ArrayList<>())
                                .add(event.path("Task Metrics")
                                                .path("Executor Run Time")
                                                .doubleValue()
                                        / 1000);
                    }
                }
            }
        }
        return seconds.entrySet().stream()
                .map(stage -> new Stage(
                        stage.getKey(), names.getOrDefault(stage.getKey(), "?"), List.copyOf(stage.getValue())))
                .toList();
    }

    /**
     * The stage whose longest task ran the most times as long as its median one.
     *
     * @param minSeconds that the longest task ran; what is shorter holds nobody up
     */
    static Optional<Stage> worst(List<Stage> stages, double minSeconds) {
        return stages.stream()
                .filter(stage -> stage.taskSeconds().size() > 1 && stage.longest() >= minSeconds)
                .max(Comparator.comparingDouble(Stage::skew));
    }

    private static String name(JsonNode submitted) {
        String step = submitted.path("Properties").path(STEP).asText();
        String stage = submitted.path("Stage Info").path("Stage Name").asText();
        return step.isEmpty() ? stage : step + ", " + stage;
    }
}
