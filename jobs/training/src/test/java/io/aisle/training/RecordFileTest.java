package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFileTest {
    @TempDir
    private Path folder;

    /** Windows from one that holds everything to ones in which next to no record begins. */
    @ParameterizedTest
    @ValueSource(longs = {1 << 30, 1000, 64, 7})
    void givesBackEveryRecord(long window) {
        Random random = new Random(1);
        byte[][] records = new byte[300][];
        try (RecordFile.Writer writer = RecordFile.write(folder.resolve("records"))) {
            for (int i = 0; i < records.length; i++) {
                records[i] = new byte[random.nextInt(90)];
                random.nextBytes(records[i]);
                writer.add(ByteBuffer.wrap(records[i]));
            }
            writer.open(window);
        }

        RecordFile file = RecordFile.open(folder.resolve("records"), window);

        assertThat(file.size()).isEqualTo(300);
        for (int i = 0; i < records.length; i++) {
            byte[] found = new byte[file.record(i).remaining()];
            file.record(i).get(found);
            assertThat(found).isEqualTo(records[i]);
        }
    }

    @Test
    void writesWhatRemainsOfABuffer() {
        try (RecordFile.Writer writer = RecordFile.write(folder.resolve("records"))) {
            writer.add(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2));
            assertThat(writer.open().record(0)).isEqualTo(ByteBuffer.wrap(new byte[] {2, 3}));
        }
    }

    @Test
    void holdsNoRecord() {
        try (RecordFile.Writer writer = RecordFile.write(folder.resolve("records"))) {
            assertThat(writer.open().size()).isZero();
        }
    }
}
