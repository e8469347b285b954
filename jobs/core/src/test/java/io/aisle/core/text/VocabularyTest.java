package io.aisle.core.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aisle.core.UserException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
    private static final Vocabulary SMALL =
            Vocabulary.of(List.of("[PAD]", "kettle", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "##s", "größe"));

    @TempDir
    private Path directory;

    @Test
    void numbersPiecesByPlace() {
        assertThat(SMALL.size()).isEqualTo(8);
        assertThat(SMALL.id("kettle")).isEqualTo(1);
        assertThat(SMALL.id("##s")).isEqualTo(6);
        assertThat(SMALL.id("s")).isEqualTo(-1);
        assertThat(SMALL.piece(6)).isEqualTo("##s");
        assertThat(SMALL.paddingId()).isEqualTo(0);
        assertThat(SMALL.unknownId()).isEqualTo(2);
        assertThat(SMALL.classId()).isEqualTo(3);
        assertThat(SMALL.separatorId()).isEqualTo(4);
        assertThat(SMALL.maskId()).isEqualTo(5);
    }

    @Test
    void readsWhatItWrote() throws IOException {
        Path file = directory.resolve("vocab.txt");
        SMALL.write(file);
        assertThat(Files.readString(file)).startsWith("[PAD]\nkettle\n").endsWith("\ngröße\n");
        assertThat(Vocabulary.read(file)).isEqualTo(SMALL).hasSameHashCodeAs(SMALL);
    }

    @Test
    void readsWindowsLineEnds() throws IOException {
        Path file = Files.writeString(directory.resolve("vocab.txt"), String.join("\r\n", SMALL.pieces()) + "\r\n");
        assertThat(Vocabulary.read(file)).isEqualTo(SMALL);
    }

    @Test
    void survivesSerialization() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(SMALL);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            Vocabulary copy = (Vocabulary) in.readObject();
            assertThat(copy).isEqualTo(SMALL);
            assertThat(copy.id("größe")).isEqualTo(7);
        }
    }

    @Test
    void refusesVocabularyWithoutSpecialToken() {
        assertThatThrownBy(() -> Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[MASK]", "kettle")))
                .isInstanceOf(UserException.class)
                .hasMessage(
                        "Cannot use the vocabulary: found no [SEP], expected a BERT vocabulary with [PAD], [UNK], [CLS],"
                                + " [SEP] and [MASK]");
    }

    @Test
    void refusesPieceThatIsGivenTwice() throws IOException {
        Path file = Files.writeString(
                directory.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nkettle\npan\nkettle\n");
        assertThatThrownBy(() -> Vocabulary.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use vocabulary " + file
                        + ": found piece 'kettle' with ids 5 and 7, expected each piece once");
    }

    @Test
    void refusesEmptyFile() throws IOException {
        Path file = Files.writeString(directory.resolve("vocab.txt"), "");
        assertThatThrownBy(() -> Vocabulary.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use vocabulary " + file + ": found no piece, expected one a line");
    }

    @Test
    void refusesBlankPiece() throws IOException {
        Path file = Files.writeString(directory.resolve("vocab.txt"), "[PAD]\n\n[UNK]\n");
        assertThatThrownBy(() -> Vocabulary.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot use vocabulary " + file
                        + ": found a blank or broken piece with id 1, expected one piece a line");
    }

    @Test
    void refusesMissingFile() {
        Path file = directory.resolve("nowhere.txt");
        assertThatThrownBy(() -> Vocabulary.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read vocabulary " + file
                        + ": found no such file, expected a vocab.txt with one piece a line");
    }

    @Test
    void refusesFileThatIsNoText() throws IOException {
        Path file = Files.write(directory.resolve("vocab.txt"), new byte[] {'a', (byte) 0xFF, (byte) 0xFE});
        assertThatThrownBy(() -> Vocabulary.read(file))
                .isInstanceOf(UserException.class)
                .hasMessage("Cannot read vocabulary " + file + ": found bytes that are not UTF-8, expected UTF-8 text");
    }
}
