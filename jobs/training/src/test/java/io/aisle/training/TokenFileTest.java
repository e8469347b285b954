package io.aisle.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    @TempDir
    private Path folder;

    @Test
    void givesBackEveryRow() {
        Random random = new Random(1);
        int[][] tokens = new int[300][];
        int[] labels = new int[300];
        try (TokenFile.Writer writer = TokenFile.write(folder.resolve("tokens"), 5)) {
            for (int row = 0; row < tokens.length; row++) {
                tokens[row] = random.ints(1 + random.nextInt(40), 0, 30_522).toArray();
                labels[row] = random.nextInt(6) - 1;
                writer.add(tokens[row], labels[row]);
            }
            TokenFile file = writer.open();

            assertThat(file.size()).isEqualTo(300);
            assertThat(file.labelCount()).isEqualTo(5);
            assertThat(file.hasTeacher()).isFalse();
            assertThat(file.labels()).isEqualTo(labels);
            for (int row = 0; row < tokens.length; row++) {
                assertThat(file.tokenIds(row)).isEqualTo(tokens[row]);
                assertThat(file.length(row)).isEqualTo(tokens[row].length);
            }
        }
    }

    @Test
    void givesBackWhatTheTeacherSays() {
        try (TokenFile.Writer writer = TokenFile.write(folder.resolve("tokens"), 2)) {
            writer.add(new int[] {1, 2, 3}, 0, new float[] {-0.5f, -1});
            writer.add(new int[] {4}, Examples.UNLABELLED, new float[] {-2, -0.1f});
            TokenFile file = writer.open();

            assertThat(file.hasTeacher()).isTrue();
            assertThat(file.teacher(0)).containsExactly(-0.5f, -1);
            assertThat(file.teacher(1)).containsExactly(-2, -0.1f);
            assertThat(file.label(1)).isEqualTo(Examples.UNLABELLED);
        }
    }

    @Test
    void holdsNoRow() {
        try (TokenFile.Writer writer = TokenFile.write(folder.resolve("tokens"), 2)) {
            assertThat(writer.open().size()).isZero();
        }
    }

    @Test
    void refusesRowsThatAreNone() {
        try (TokenFile.Writer writer = TokenFile.write(folder.resolve("tokens"), 2)) {
            assertThatThrownBy(() -> writer.add(new int[0], 0))
                    .hasMessage("Cannot add row 0: found no token, expected at least [CLS] and [SEP]");
            assertThatThrownBy(() -> writer.add(new int[] {1}, 2))
                    .hasMessage("Cannot add row 0: found label 2, expected 0 to 1, or -1");
            assertThatThrownBy(() -> writer.add(new int[] {1}, 0, new float[] {1}))
                    .hasMessage("Cannot add row 0: found 1 answers of a teacher, expected 2");
            writer.add(new int[] {1}, 0, new float[] {0, 0});
            writer.add(new int[] {1}, 0);
            assertThatThrownBy(writer::open).hasMessageEndingWith("in 1 of 2 rows, expected all or none");
        }
    }

    @Test
    void saysThatItCannotBeWritten() {
        Path file = folder.resolve("absent").resolve("tokens");
        assertThatThrownBy(() -> TokenFile.write(file, 2))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith("Cannot write rows in " + file + ": found ")
                .hasMessageEndingWith("Name a larger one by spark.local.dir.");
    }
}
