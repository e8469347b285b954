package io.aisle.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.aisle.core.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a bench found: quantities, and ratios between them with what was wanted of each. Written as {@code table.json}, which later runs are
 * compared with, and as {@code table.md}, which goes into the documentation.
 */
public final class Measurements {
    static final String JSON_FILE = "table.json";
    private static final String TABLE_FILE = "table.md";

    private final Map<String, Object> conditions = new LinkedHashMap<>();
    private final List<Quantity> quantities = new ArrayList<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /**
     * A quantity in a table.
     *
     * @param what named so that it says all that sets it apart from the others of its table
     */
    record Quantity(String what, String unit, Rounds rounds) {}

    /**
     * Two quantities, one to the other; the greater, the better.
     *
     * @param wanted at least; null where nothing in particular was
     */
    record Ratio(
            String what,
            Rounds rounds,
            @JsonInclude(JsonInclude.Include.NON_NULL) Double wanted) {
        /** Cells of a table: the ratio, median, least and greatest, what was wanted, and whether it was met. */
        String row() {
            String mark = wanted == null ? "" : rounds.median() >= wanted ? "met" : "**missed**";
            return what + " | " + Measurements.row(rounds) + " | " + (wanted == null ? "" : number(wanted)) + " | "
                    + mark;
        }
    }

    /**
     * The ratios of a file that {@link #write} wrote.
     *
     * @throws UserException if it was made by something else
     */
    static List<Ratio> ratios(Path file) throws IOException {
        JsonNode json = new ObjectMapper().readTree(file.toFile()).path("ratios");
        if (!json.isArray()) {
            throw new UserException("Cannot read the ratios of " + file
                    + ": found none in it, expected a list. Remove it, and run its bench again.");
        }
        List<Ratio> ratios = new ArrayList<>();
        for (JsonNode ratio : json) {
            List<Double> rounds = new ArrayList<>();
            ratio.path("rounds").path("values").forEach(value -> rounds.add(value.doubleValue()));
            ratios.add(new Ratio(
                    ratio.path("what").asText(),
                    new Rounds(rounds),
                    ratio.has("wanted") ? ratio.get("wanted").doubleValue() : null));
        }
        return ratios;
    }

    /** Says what was the same for all: rows, seed, token limit and the like. */
    public void condition(String name, Object value) {
        conditions.put(name, value);
    }

    /** Adds a quantity, and gives it back to make ratios of. */
    public Rounds quantity(String what, String unit, List<Double> rounds) {
        Rounds summedUp = new Rounds(rounds);
        quantities.add(new Quantity(what, unit, summedUp));
        return summedUp;
    }

    /** Adds a ratio, defined so that more is better; what is wanted is stated whether it is met or not. */
    public void ratio(String what, Rounds ratio, OptionalDouble wanted) {
        ratios.add(new Ratio(what, ratio, wanted.isPresent() ? wanted.getAsDouble() : null));
    }

    /** Adds a sentence below the table: what was found that is no number. */
    public void note(String sentence) {
        notes.add(sentence);
    }

    /** Writes both files. */
    void write(Path directory, String name, String command, String machine) throws IOException {
        Files.createDirectories(directory);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bench", name);
        json.put("command", command);
        json.put("machine", machine);
        json.put("conditions", conditions);
        json.put("quantities", quantities);
        json.put("ratios", ratios);
        json.put("notes", notes);
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(directory.resolve(JSON_FILE).toFile(), json);
        Files.writeString(directory.resolve(TABLE_FILE), markdown(machine));
    }

    private String markdown(String machine) {
        StringBuilder text = new StringBuilder("Machine: ").append(machine).append('.');
        conditions.forEach((name, value) ->
                text.append(' ').append(name).append(": ").append(value).append('.'));
        text.append("\n\n| | unit | median | least – greatest |\n|---|---|---|---|\n");
        for (Quantity quantity : quantities) {
            text.append("| ")
                    .append(quantity.what())
                    .append(" | ")
                    .append(quantity.unit())
                    .append(" | ")
                    .append(row(quantity.rounds()))
                    .append(" |\n");
        }
        if (!ratios.isEmpty()) {
            text.append("\n| ratio | median | least – greatest | wanted | |\n|---|---|---|---|---|\n");
        }
        ratios.forEach(ratio -> text.append("| ").append(ratio.row()).append(" |\n"));
        notes.forEach(note -> text.append('\n').append(note).append('\n'));
        return text.toString();
    }

    private static String row(Rounds rounds) {
        return number(rounds.median()) + " | " + number(rounds.least()) + " – " + number(rounds.greatest());
    }

    /** Three digits that count, or all before the point. */
    static String number(double value) {
        double size = Math.abs(value);
        int decimals = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + decimals + "f", value);
    }
}
