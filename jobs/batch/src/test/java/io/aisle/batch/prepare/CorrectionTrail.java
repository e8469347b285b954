package io.aisle.batch.prepare;

import io.aisle.batch.TestSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/** What prepare wrote of corrections. */
final class CorrectionTrail {
    private CorrectionTrail() {}

    /** id, label, catalog label, at, by, outcome and whether there is a conflict; as the file has them. */
    static List<String> rows(Path prepared) {
        return TestSession.get().read().parquet(prepared + "/corrections").collectAsList().stream()
                .map(CorrectionTrail::text)
                .toList();
    }

    private static String text(Row row) {
        return IntStream.range(0, row.size())
                .mapToObj(column -> Objects.toString(row.get(column), "-"))
                .collect(Collectors.joining("\t"));
    }
}
