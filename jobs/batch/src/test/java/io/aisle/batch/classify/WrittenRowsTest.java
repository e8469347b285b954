package io.aisle.batch.classify;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrittenRowsTest {
    @Test
    void everyRowInIsScoredCarriedQuarantinedOrDuplicate() {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("rows_in", 10L);
        rows.put("scored", 4L);
        rows.put("carried", 3L);
        rows.put("quarantined", 2L);
        rows.put("duplicates", 1L);
        WrittenRows.requireBalance(rows);

        for (String name : List.copyOf(rows.keySet())) {
            Map<String, Long> unbalanced = new LinkedHashMap<>(rows);
            unbalanced.merge(name, 1L, Long::sum);
            assertThatThrownBy(() -> WrittenRows.requireBalance(unbalanced))
                    .as(name)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("Cannot publish: found " + (name.equals("rows_in") ? 10 : 11)
                            + " rows written, expected " + unbalanced.get("rows_in") + " (rows_in = ");
        }
    }
}
