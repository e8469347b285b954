package io.aisle.batch.explore;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Reads sorted keys, group after group, and gives what each group tells. However large a group is, it holds a few rows of it.
 *
 * <p>In: rows of {@link Copies#KEYS}, those of one (kind, key) beside each other, by (content, id). Out: rows of {@link Copies#FINDINGS}.
 */
final class CopyScan implements Iterator<Row> {
    /** Rows of a group that later ones are compared with. */
    private static final int REPRESENTATIVES = 16;

    static final double SIMILAR = 0.8;

    private final Iterator<Row> keys;
    private Row next;
    private final List<Row> found = new ArrayList<>();

    CopyScan(Iterator<Row> keys) {
        this.keys = keys;
        this.next = keys.hasNext() ? keys.next() : null;
    }

    @Override
    public boolean hasNext() {
        while (found.isEmpty() && next != null) {
            readGroup();
        }
        return !found.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return found.remove(found.size() - 1);
    }

    private void readGroup() {
        Row first = next;
        int kind = first.getAs("kind");
        long key = first.getAs("key");
        boolean isBand = kind >= Copies.BAND;
        Group group = new Group();
        List<Row> representatives = new ArrayList<>();
        do {
            if (isBand) {
                compare(next, representatives);
            } else {
                group.add(next);
            }
            next = keys.hasNext() ? keys.next() : null;
            // near copies are found one by one: a hot band need not fit
        } while (next != null && next.<Integer>getAs("kind") == kind && next.<Long>getAs("key") == key);
        if (!isBand && group.rows > 1) {
            found.add(RowFactory.create(kind, group.id, group.otherId, group.rows, group.isConflict()));
        }
    }

    private void compare(Row row, List<Row> representatives) {
        for (Row other : representatives) {
            if (row.<Long>getAs("content").equals(other.<Long>getAs("content"))) {
                return;
            }
        }
        for (Row other : representatives) {
            if (MinHash.similarity(row.getAs("low"), row.getAs("high"), other.getAs("low"), other.getAs("high"))
                    >= SIMILAR) {
                String label = row.getAs("label");
                String otherLabel = other.getAs("label");
                boolean isConflict = label != null && otherLabel != null && !label.equals(otherLabel);
                found.add(RowFactory.create(Copies.BAND, row.getAs("id"), other.getAs("id"), 1L, isConflict));
                return;
            }
        }
        if (representatives.size() < REPRESENTATIVES) {
            representatives.add(row);
        }
    }

    /** Rows of one key, which may be many. */
    private static final class Group {
        private String id;
        private String otherId;
        private String label;
        private boolean hasOtherLabel;
        private long rows;

        void add(Row row) {
            rows++;
            String rowId = row.getAs("id");
            String rowLabel = row.getAs("label");
            if (id == null) {
                id = rowId;
            } else if (otherId == null) {
                otherId = rowId;
            }
            if (rowLabel == null) {
                return;
            }
            if (label == null) {
                label = rowLabel;
            } else if (!hasOtherLabel && !label.equals(rowLabel)) {
                hasOtherLabel = true;
                // the pair that shows it
                otherId = rowId;
            }
        }

        boolean isConflict() {
            return hasOtherLabel;
        }
    }
}
