package io.aisle.bench;

import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Debian's {@code fasttext} (Joulin, Grave, Bojanowski, Mikolov 2017, "Bag of Tricks for Efficient Text Classification"), with some
 * settings. Labels are numbers to it, since its own may hold no blanks.
 *
 * @param name of the settings, for the tables
 * @param options of {@code fasttext supervised}
 */
record FastText(String name, List<String> options) {
    /** As it comes. */
    static final FastText DEFAULTS = new FastText("fastText, defaults", List.of());

    /** What its own tutorial ends with but for the epochs and rate of small data: more of both, and pairs of words. */
    static final FastText TUNED = new FastText(
            "fastText, epoch 25, lr 0.5, wordNgrams 2", List.of("-epoch", "25", "-lr", "0.5", "-wordNgrams", "2"));

    private static final String LABEL = "__label__";

    /** The line of a text, as its tutorial prepares them: lower case, punctuation by itself. */
    static String line(String text) {
        return text.replaceAll("([.!?,'/()])", " $1 ")
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** The line of a text to learn from. */
    static String line(int label, String text) {
        return LABEL + label + " " + line(text);
    }

    /** Learns with all cores; writes {@code model}.bin. */
    Commands.Use train(Path text, Path model) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "fasttext",
                "supervised",
                "-input",
                text.toString(),
                "-output",
                model.toString(),
                "-thread",
                Integer.toString(Runtime.getRuntime().availableProcessors()),
                "-verbose",
                "0"));
        command.addAll(options);
        return Commands.run(command, Map.of());
    }

    /** The likeliest label of each line, as printed; one thread, which is all it has for it. */
    static Commands.Use predict(Path model, Path text) throws IOException, InterruptedException {
        return Commands.run(List.of("fasttext", "predict", model + ".bin", text.toString()), Map.of());
    }

    /** The numbers of the labels that predict printed; -1 where it had no answer, as for a text of unknown words alone. */
    static int[] labels(String printed, int rows) {
        String[] lines = printed.split("\n", -1);
        // the last line ends as the others do
        if (lines.length != rows + 1) {
            throw new UserException("Cannot read what fasttext printed: found " + (lines.length - 1)
                    + " lines, expected one a row, " + rows + ". Try fasttext predict by hand.");
        }
        return Arrays.stream(lines, 0, rows)
                .mapToInt(line -> line.startsWith(LABEL) ? Integer.parseInt(line.substring(LABEL.length())) : -1)
                .toArray();
    }

    /** Writes lines that fastText can read. */
    static Path write(Path file, List<String> lines) throws IOException {
        return Files.write(file, lines, StandardCharsets.UTF_8);
    }
}
