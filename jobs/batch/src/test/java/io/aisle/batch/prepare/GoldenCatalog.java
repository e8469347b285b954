package io.aisle.batch.prepare;

import io.aisle.batch.TestSession;
import io.aisle.batch.dataset.PreparedData;
import io.aisle.batch.dataset.PreparedManifest;
import io.aisle.batch.dataset.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A small catalog with faults of every kind, and what prepare makes of it. */
final class GoldenCatalog {
    private static final List<String> OPTIONS = List.of(
            "--min-class-size",
            "4",
            "--fraction",
            "0.75",
            "--split",
            "0.6,0.2,0.2",
            "--set",
            "catalog.max-field-characters=300");

    private GoldenCatalog() {}

    static Path file(String name) {
        try {
            return Path.of(
                    GoldenCatalog.class.getResource("/golden/prepare/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    static List<String> lines(String name) {
        try {
            return Files.readAllLines(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command line that prepares an input as the golden files say. */
    static List<String> commandLine(Path input, Path output) {
        List<String> arguments =
                new ArrayList<>(List.of("prepare", "--input", input.toString(), "--output", output.toString()));
        arguments.addAll(OPTIONS);
        return arguments;
    }

    /**
     * What prepare wrote.
     *
     * @param rows all columns of each part's rows
     * @param quarantine reason, detail and line
     * @param duplicates id and title
     */
    record Prepared(
            Map<Split, List<String>> rows,
            List<String> quarantine,
            List<String> duplicates,
            PreparedManifest manifest) {

        static Prepared read(Path output) {
            PreparedData data = PreparedData.open(TestSession.get(), output.toString());
            Map<Split, List<String>> rows = new EnumMap<>(Split.class);
            for (Split split : Split.values()) {
                rows.put(split, sorted(data.rows(split)));
            }
            return new Prepared(
                    rows,
                    sorted(TestSession.get()
                            .read()
                            .parquet(output + "/quarantine")
                            .select("reason", "detail", "raw")),
                    sorted(TestSession.get()
                            .read()
                            .parquet(output + "/duplicates")
                            .select("id", "title")),
                    data.manifest());
        }

        private static List<String> sorted(Dataset<Row> rows) {
            return rows.collectAsList().stream()
                    .map(row -> row.mkString("\t"))
                    .sorted()
                    .toList();
        }

        /** Id and label of each row of a part. */
        List<String> labels(Split split) {
            int id = PreparedData.SCHEMA.fieldIndex("id");
            int label = PreparedData.SCHEMA.fieldIndex("label");
            return rows.get(split).stream()
                    .map(row -> row.split("\t", -1))
                    .map(columns -> columns[id] + "\t" + columns[label])
                    .toList();
        }

        /** The manifest without what names the input. */
        List<Object> counted() {
            return Arrays.asList(
                    manifest.rows(),
                    manifest.quarantine(),
                    manifest.foldMap(),
                    manifest.classes(),
                    manifest.fingerprint(),
                    manifest.recipe());
        }
    }
}
