// Reads a log that Marsad wrote with Go's own sumdb/note and sumdb/tlog, which share no code with it.
// Usage: main FOLDER PROOFS, where PROOFS has lines "inclusion SEQ SIZE LEAF HASH..." and
// "consistency OLD OLDROOT SIZE HASH...", all hashes in hexadecimal.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error, what string) {
	if err != nil {
		fmt.Println("FAILED:", what, err)
		os.Exit(1)
	}
}

func hash(s string) (h tlog.Hash) {
	b, err := hex.DecodeString(s)
	check(err, "hash")
	copy(h[:], b)
	return h
}

type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(want []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, one := range want {
		// Go writes tile/8/0/000.p/5; C2SP leaves the height out.
		path := strings.Replace(one.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func main() {
	folder := os.Args[1]
	key, err := os.ReadFile(filepath.Join(folder, "vkeys"))
	check(err, "vkeys")
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	check(err, "verifier")
	data, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	check(err, "checkpoint")
	opened, err := note.Open(data, note.VerifierList(verifier))
	check(err, "signature")
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "size")
	raw, err := base64.StdEncoding.DecodeString(lines[2])
	check(err, "root")
	var root tlog.Hash
	copy(root[:], raw)

	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, tiles{folder})
	computed, err := tlog.TreeHash(size, reader)
	check(err, "tiles")
	if computed != root {
		check(fmt.Errorf("%v is not %v", computed, root), "root of tiles")
	}

	proofs, err := os.Open(os.Args[2])
	check(err, "proofs")
	scanner := bufio.NewScanner(proofs)
	scanner.Buffer(nil, 1<<20)
	count := 0
	for scanner.Scan() {
		f := strings.Fields(scanner.Text())
		switch f[0] {
		case "inclusion":
			seq, _ := strconv.ParseInt(f[1], 10, 64)
			n, _ := strconv.ParseInt(f[2], 10, 64)
			leaf, err := hex.DecodeString(f[3])
			check(err, "leaf")
			var p tlog.RecordProof
			for _, h := range f[4:] {
				p = append(p, hash(h))
			}
			check(tlog.CheckRecord(p, n, root, seq-1, tlog.RecordHash(leaf)), scanner.Text())
			own, err := tlog.ProveRecord(n, seq-1, reader)
			check(err, "own proof")
			if fmt.Sprint(own) != fmt.Sprint(p) {
				check(fmt.Errorf("differs from Go's"), scanner.Text())
			}
		case "consistency":
			old, _ := strconv.ParseInt(f[1], 10, 64)
			n, _ := strconv.ParseInt(f[3], 10, 64)
			var p tlog.TreeProof
			for _, h := range f[4:] {
				p = append(p, hash(h))
			}
			check(tlog.CheckTree(p, n, root, old, hash(f[2])), scanner.Text())
		}
		count++
	}
	fmt.Println("verified", size, "leaves,", count, "proofs")
}
