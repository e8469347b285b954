package io.aisle.batch.catalog;

import io.aisle.batch.catalog.RecordCutter.CutRecord;
import io.aisle.core.UserException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** The rows of one task's slices, one after the other. */
final class SliceRows implements Iterator<Row> {
    private final Iterator<FileSlice> slices;
    private final CatalogSettings settings;
    private final CatalogRows rows;
    private final Configuration configuration;
    private FileSlice slice;
    private RecordCutter cutter;
    private long records;
    private Row next;

    SliceRows(Iterator<FileSlice> slices, CatalogSettings settings, CatalogRows rows, Configuration configuration) {
        this.slices = slices;
        this.settings = settings;
        this.rows = rows;
        this.configuration = configuration;
        TaskContext task = TaskContext.get();
        if (task != null) {
            // also where the task is stopped before its end
            task.addTaskCompletionListener((TaskCompletionListener) ended -> close());
        }
    }

    @Override
    public boolean hasNext() {
        while (next == null && (cutter != null || slices.hasNext())) {
            next = advance();
        }
        return next != null;
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Row row = next;
        next = null;
        return row;
    }

    /** The next row of the slice at hand, or of the next; null where one has ended. */
    private Row advance() {
        try {
            if (cutter == null) {
                slice = slices.next();
                records = 0;
                cutter = slice.open(settings, configuration);
            }
            CutRecord record = cutter.next();
            if (record == null) {
                close();
                return null;
            }
            records++;
            return rows.row(record, slice.uri());
        } catch (IOException e) {
            close();
            if (settings.skipsCorruptFiles() && slice.isCorruption(e, configuration)) {
                return CatalogRows.corruptFile(slice.uri(), records);
            }
            throw unreadable(slice.uri(), e);
        }
    }

    /** What to tell the user of a file that cannot be read to its end. */
    static UserException unreadable(String file, IOException e) {
        String found = e instanceof ArrayCutter.CutOffException
                ? "its end before that of its JSON array"
                : e instanceof EOFException
                        ? "its end in the middle of compressed data"
                        : "what cannot be read (" + e.getMessage() + ")";
        return new UserException(
                "Cannot read " + file + ": found " + found + ", expected a whole file. Copy or write the file again,"
                        + " or read what comes before the break with --set catalog.skip-corrupt-files=true.",
                e);
    }

    private void close() {
        try {
            if (cutter != null) {
                cutter.close();
            }
        } catch (IOException e) {
            // what was to be read has been read
            cutter = null;
        }
        cutter = null;
    }
}
