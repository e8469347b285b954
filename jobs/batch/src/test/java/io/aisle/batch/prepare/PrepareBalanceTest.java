package io.aisle.batch.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.aisle.batch.AisleRun;
import io.aisle.batch.TestSession;
import io.aisle.batch.prepare.GoldenCatalog.Prepared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the mixture of good and broken records, each is counted once, and under its own reason. */
class PrepareBalanceTest {
    private static final int RECORDS = 1_000;
    private static final String[] OPTIONS = {
        "--columns=id=id,title=title",
        "--label=shelf",
        "--min-class-size=5",
        "--fraction=0.7",
        "--set=catalog.max-field-characters=100"
    };

    /** What is wrong with a record, and how prepare counts it. */
    private enum Kind {
        GOOD("used"),
        UNLABELLED("unlabelled"),
        DUPLICATE("duplicates"),
        UNPARSABLE("unparsable"),
        NO_ID("missing_id"),
        NO_TEXT("no_text"),
        LONG("over_long_field");

        private final String counted;

        Kind(String counted) {
            this.counted = counted;
        }
    }

    private record Item(Kind kind, String id, String title, String shelf) {}

    @TempDir
    Path folder;

    private static List<Item> items(SplittableRandom random) {
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            Kind drawn = Kind.values()[random.nextInt(Kind.values().length)];
            // a duplicate is one of the record that every mixture begins with
            Kind kind = i == 0 || random.nextBoolean() ? Kind.GOOD : drawn;
            items.add(new Item(
                    kind,
                    switch (kind) {
                        case DUPLICATE -> "item 0";
                        case NO_ID -> "";
                        default -> "item " + i;
                    },
                    switch (kind) {
                        case NO_TEXT -> "!?";
                        case LONG -> "long ".repeat(40);
                        default -> "thing " + random.nextInt(200);
                    },
                    kind == Kind.UNLABELLED ? "" : "shelf " + random.nextInt(6)));
        }
        return items;
    }

    private static String json(Item item, SplittableRandom random) {
        String json = String.format(
                "{\"id\":\"%s\",\"title\":\"%s\",\"shelf\":\"%s\"}", item.id(), item.title(), item.shelf());
        // cut, but for a brace
        return item.kind() == Kind.UNPARSABLE ? json.substring(0, json.length() - 2 - random.nextInt(5)) + "}" : json;
    }

    private static String csv(Item item, SplittableRandom random) {
        String row = item.title() + "," + item.id() + "," + item.shelf();
        return item.kind() == Kind.UNPARSABLE
                ? List.of("x", row + ",y", "\"" + row).get(random.nextInt(3))
                : row;
    }

    private Map<String, Path> inputs(List<Item> items, SplittableRandom random) throws IOException {
        Path place = Files.createDirectory(folder.resolve("in"));
        Map<String, Path> inputs = new TreeMap<>();
        inputs.put(
                "jsonl",
                Files.write(
                        place.resolve("lines.json"),
                        items.stream().map(item -> json(item, random)).toList()));
        inputs.put(
                "bestbuy",
                Files.writeString(
                        place.resolve("array.json"),
                        items.stream().map(item -> json(item, random)).collect(Collectors.joining(",\n", "[", "]"))));
        inputs.put(
                "csv",
                Files.writeString(
                        place.resolve("table.csv"),
                        items.stream()
                                .map(item -> csv(item, random))
                                .collect(Collectors.joining("\n", "title,id,shelf\n", "\n"))));
        // a record of Parquet cannot be cut
        List<Row> rows = items.stream()
                .filter(item -> item.kind() != Kind.UNPARSABLE)
                .map(item -> RowFactory.create(item.id(), item.title(), item.shelf()))
                .toList();
        StructType schema = new StructType()
                .add("id", DataTypes.StringType)
                .add("title", DataTypes.StringType)
                .add("shelf", DataTypes.StringType);
        inputs.put("parquet", place.resolve("parquet"));
        TestSession.get()
                .createDataFrame(rows, schema)
                .write()
                .parquet(inputs.get("parquet").toString());
        return inputs;
    }

    @Test
    void everyRecordOfEveryFormatIsCountedOnce() throws IOException {
        SplittableRandom random = new SplittableRandom(31);
        List<Item> items = items(random);
        for (Map.Entry<String, Path> input : inputs(items, random).entrySet()) {
            String format = input.getKey();
            Path output = folder.resolve("out-" + format);
            List<String> arguments = new ArrayList<>(
                    List.of("prepare", "--input=" + input.getValue(), "--format=" + format, "--output=" + output));
            arguments.addAll(List.of(OPTIONS));

            AisleRun run = AisleRun.of(arguments);

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertCounted(Prepared.read(output), items, format);
        }
    }

    private static void assertCounted(Prepared prepared, List<Item> items, String format) {
        Map<String, Long> expected = new TreeMap<>(items.stream()
                .filter(item -> item.kind() != Kind.UNPARSABLE || !format.equals("parquet"))
                .collect(Collectors.groupingBy(item -> item.kind().counted, Collectors.counting())));
        long rowsIn = expected.values().stream().mapToLong(Long::longValue).sum();
        long used = expected.remove("used");
        long unlabelled = expected.remove("unlabelled");
        long duplicates = expected.remove("duplicates");
        Map<String, Long> rows = prepared.manifest().rows();

        assertThat(prepared.manifest().quarantine()).as(format).isEqualTo(expected);
        assertThat(prepared.quarantine()).as(format).hasSize((int)
                expected.values().stream().mapToLong(Long::longValue).sum());
        assertThat(prepared.duplicates()).as(format).hasSize((int) duplicates);
        assertThat(rows)
                .as(format)
                .containsEntry("rows_in", rowsIn)
                .containsEntry("unlabelled", unlabelled)
                .containsEntry("duplicates", duplicates);
        assertThat(rows.get("train") + rows.get("validation") + rows.get("test") + rows.get("not_sampled"))
                .as(format)
                .isEqualTo(used);
        assertThat(rows.get("not_sampled")).as(format).isPositive();
    }
}
